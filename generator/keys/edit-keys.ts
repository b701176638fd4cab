import { type Document, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml'
import { digestOf, makeKey, makeKeyId, prefixOf } from './api-key.ts'
import { KeysError, type KeysPlace } from './keys-place.ts'

export interface NewKey {
  /** Where it is kept; made where it is missing. */
  readonly place: KeysPlace
  /** The consumer's id; created where it is not there yet. */
  readonly consumer: string
  /** Set on the consumer where given; what it had is kept where not. */
  readonly roles?: readonly string[] | undefined
  readonly scopes?: readonly string[] | undefined
  readonly plan?: string | undefined
  /** Claims of the consumer, by name; others it has stay. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** When the key ends: a date, a date with a time, or `90d`, `12h` from now. */
  readonly expires?: string | undefined
}

/** A key as it is listed: what can be known of it without having it. */
export interface ListedKey {
  readonly consumer: string
  readonly id: string
  readonly prefix: string | undefined
  readonly created: string | undefined
  readonly expires: string | undefined
  readonly plan: string | undefined
  readonly roles: readonly string[]
}

/** Makes a key and stores its hash. The key itself is in the result and nowhere else. */
export async function createKey(wanted: NewKey): Promise<{ key: string; id: string }> {
  if (!/^[\x21-\x7e]{1,128}$/.test(wanted.consumer)) {
    throw new KeysError("A consumer's id is 1 to 128 printable ASCII characters without spaces.")
  }
  const expires = wanted.expires === undefined ? undefined : expiryOf(wanted.expires)
  const key = makeKey()
  const id = makeKeyId()
  await wanted.place.change((document) => {
    const consumer = mapIn(document, document.get('consumers', true), ['consumers', wanted.consumer])
    for (const [name, value] of Object.entries({ roles: wanted.roles, scopes: wanted.scopes, plan: wanted.plan })) {
      if (value !== undefined) consumer.set(name, document.createNode(value, { flow: true }))
    }
    for (const [name, value] of Object.entries(wanted.metadata ?? {}))
      document.setIn(['consumers', wanted.consumer, 'metadata', name], value)
    append(document, consumer, 'keys', entryOf(id, key, expires))
  })
  return { key, id }
}

/** As a key stands there. */
export function entryOf(id: string, key: string, expires: string | undefined): Record<string, string> {
  return {
    id,
    sha256: digestOf(key),
    prefix: prefixOf(key),
    created: timeText(Date.now()),
    ...(expires === undefined ? {} : { expires }),
  }
}

/** Puts an entry at the end of a consumer's list. */
export function append(
  document: Document,
  consumer: YAMLMap,
  list: 'keys' | 'passwords',
  entry: Readonly<Record<string, string>>,
): void {
  const listed: unknown = consumer.get(list, true) ?? document.createNode([])
  if (!isSeq(listed)) throw new KeysError(`"${list}" of the consumer is not a list.`)
  listed.flow = false
  listed.add(document.createNode(entry))
  consumer.set(list, listed)
}

export async function listKeys(place: KeysPlace): Promise<ListedKey[]> {
  return keysOf(await place.read()).map(({ consumer, id, owner, key }) => ({
    consumer,
    id,
    prefix: textOf(key, 'prefix'),
    created: textOf(key, 'created'),
    expires: textOf(key, 'expires') ?? textOf(owner, 'expires'),
    plan: textOf(owner, 'plan'),
    roles: ((owner.get('roles', true) as YAMLSeq | undefined)?.toJSON() ?? []) as string[],
  }))
}

/** Takes a key out; services notice by themselves. @returns whose key it was */
export async function revokeKey(place: KeysPlace, id: string): Promise<{ consumer: string }> {
  let consumer: string | undefined
  await place.change((document) => {
    const found = keysOf(document).find((candidate) => candidate.id === id)
    if (found === undefined) throw new KeysError(`${place.name} has no key "${id}"; \`specgate keys list\` shows them.`)
    consumer = found.consumer
    found.list.delete(found.index)
    if (found.list.items.length === 0) found.list.flow = true
  }, false)
  return { consumer: consumer! }
}

export interface FoundKey {
  readonly consumer: string
  readonly id: string
  readonly owner: YAMLMap
  readonly key: YAMLMap
  readonly list: YAMLSeq
  readonly index: number
}

/** Every key and password. */
export function keysOf(document: Document): FoundKey[] {
  const consumers = document.get('consumers', true)
  if (!isMap(consumers)) return []
  return consumers.items.flatMap(({ key: name, value: owner }) => {
    if (!isMap(owner)) return []
    return ['keys', 'passwords'].flatMap((kind) => {
      const list = owner.get(kind, true)
      if (!isSeq(list)) return []
      return list.items.flatMap((key, index) => {
        if (!isMap(key)) return []
        const digest = (textOf(key, 'sha256') ?? '').slice(0, 12)
        const id = textOf(key, 'id') ?? (kind === 'keys' ? `sha256:${digest}` : `password ${index + 1} of ${name}`)
        return [{ consumer: String(name), id, owner, key, list, index }]
      })
    })
  })
}

/** The consumer's map, made where it is missing or empty. */
export function mapIn(document: Document, consumers: unknown, path: readonly [string, string]): YAMLMap {
  if (isMap(consumers)) consumers.flow = false
  const there = document.getIn(path, true)
  if (isMap(there)) {
    there.flow = false
    return there
  }
  if (there !== undefined && !isEmpty(there)) throw new KeysError(`"${path[1]}" there is not a map.`)
  const made = document.createNode({}) as YAMLMap
  document.setIn(path, made)
  return made
}

/** `acme:` with nothing after it. */
export function isEmpty(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'value' in node && node.value === null
}

function textOf(map: YAMLMap, name: string): string | undefined {
  const value = map.get(name)
  return value === undefined || value === null ? undefined : String(value)
}

export function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** `90d` or `12h` from now, or a date as it was given. */
export function expiryOf(text: string, now: number = Date.now()): string {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  if (count !== undefined) {
    const end = now + Number(count) * (unit === 'h' ? 3_600_000 : 86_400_000)
    return timeText(end)
  }
  const isDate = /^\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d))?$/.test(text)
  if (isDate && !Number.isNaN(Date.parse(text))) return text
  throw new KeysError(`"${text}" is no end: write 90d, 2027-01-31 or 2027-01-31T12:00:00Z.`)
}
