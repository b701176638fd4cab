import { LineCounter, parseDocument } from 'yaml'
import type { Consumer } from '../core/consumer.ts'
import type { KnownKey, KnownPassword } from './consumers.ts'
import { parsePasswordHash } from './password-hash.ts'

export interface ReadConsumers {
  /** By their SHA-256 in lower-case hexadecimal digits. */
  readonly keys: ReadonlyMap<string, KnownKey>
  /** By the consumer's id. */
  readonly passwords: ReadonlyMap<string, readonly KnownPassword[]>
  /** How many consumers the file names, those without a key included. */
  readonly count: number
  /** `line:column: sentence`; where there is any, nothing of the file may be used. */
  readonly problems: readonly string[]
}

type Path = readonly (string | number)[]
type Note = (path: Path, sentence: string) => void

/**
 * Reads the text of a consumers file (YAML, and so JSON too):
 *
 * ```yaml
 * consumers:
 *   acme:                              # the consumer's id: printable ASCII without spaces
 *     keys:
 *       - sha256: 9f86d081…            # of the key, 64 hexadecimal digits
 *         id: key_4fXa9Tq2             # optional: to list and revoke it by
 *         prefix: sg_live_8sKq         # optional: how the key begins, to recognise it
 *         created: 2026-11-20T09:00:00Z
 *         expires: 2027-11-20          # optional; a date alone means its first moment, UTC
 *     passwords:                       # for the basic scheme; the user's name is the consumer's id
 *       - scrypt: $scrypt$ln=15,r=8,p=1$…$… # made by `specgate keys password`; id, created, expires as of a key
 *     roles: [partner]                 # optional, like all that follows
 *     scopes: [orders.read]
 *     plan: gold
 *     expires: 2027-12-31
 *     metadata: { contact: api@acme.example }
 * ```
 *
 * Strict: an unknown member, a wrong type, a digest or id that stands twice is a problem, and every problem is named.
 */
export function readConsumers(text: string): ReadConsumers {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const problems = document.errors.map((error) => at(lines, error.pos[0], error.message))
  if (problems.length > 0) return { keys: new Map(), passwords: new Map(), count: 0, problems }

  const note: Note = (path, sentence) => {
    let node: unknown
    for (let length = path.length; node === undefined && length >= 0; length--) {
      node = document.getIn(path.slice(0, length), true)
    }
    problems.push(at(lines, (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0, sentence))
  }
  let root: unknown
  try {
    root = document.toJS({ mapAsMap: true, maxAliasCount: 100 })
  } catch (error) {
    return { keys: new Map(), passwords: new Map(), count: 0, problems: [`1:1: ${(error as Error).message}`] }
  }
  const keys = new Map<string, KnownKey>()
  const passwords = new Map<string, readonly KnownPassword[]>()
  if (!(root instanceof Map)) {
    note([], 'A consumers file is a map with the member "consumers".')
    return { keys, passwords, count: 0, problems }
  }
  onlyMembers(root, ['consumers'], [], note)
  const consumers: unknown = root.get('consumers')
  if (!(consumers instanceof Map)) {
    note(root.has('consumers') ? ['consumers'] : [], '"consumers" must be a map from ids to consumers ({} for none).')
    return { keys, passwords, count: 0, problems }
  }
  const ids = new Set<string>()
  for (const [id, value] of consumers) readConsumer(id, value, { keys, passwords, ids, note })
  return { keys, passwords, count: consumers.size, problems }
}

interface Reading {
  readonly keys: Map<string, KnownKey>
  readonly passwords: Map<string, readonly KnownPassword[]>
  /** Of all keys and passwords of the file. */
  readonly ids: Set<string>
  readonly note: Note
}

const nameForm = /^[\x21-\x7e]{1,128}$/

function readConsumer(id: unknown, value: unknown, reading: Reading): void {
  const { note } = reading
  const path = ['consumers', id as string]
  if (typeof id !== 'string') {
    note(path, `The consumer's id ${String(id)} is not text: write it in quotes.`)
    return
  }
  if (!nameForm.test(id)) {
    note(path, "A consumer's id is 1 to 128 printable ASCII characters without spaces.")
    return
  }
  if (!(value instanceof Map)) {
    note(path, `Consumer "${id}" must be a map (with "keys", "roles", "plan" …).`)
    return
  }
  onlyMembers(value, ['keys', 'passwords', 'roles', 'scopes', 'plan', 'expires', 'metadata'], path, note)
  const plan = value.get('plan')
  if (plan !== undefined && (typeof plan !== 'string' || !nameForm.test(plan))) {
    note([...path, 'plan'], '"plan" must be the name of a plan.')
  }
  const metadata = value.get('metadata')
  if (metadata !== undefined && !(metadata instanceof Map)) note([...path, 'metadata'], '"metadata" must be a map.')
  const consumer: Consumer = Object.freeze({
    id,
    roles: readNames(value, 'roles', path, note),
    scopes: readNames(value, 'scopes', path, note),
    ...(typeof plan === 'string' ? { plan } : {}),
    claims: Object.freeze(plainObject(metadata instanceof Map ? metadata : new Map())),
  })
  const end = readTime(value, 'expires', path, note)
  for (const [index, key] of listIn(value, 'keys', path, note).entries()) {
    readKey(key, consumer, end, [...path, 'keys', index], reading)
  }
  const passwords = listIn(value, 'passwords', path, note)
  if (passwords.length === 0) return
  // RFC 7617 §2: a colon ends the user's name.
  if (id.includes(':')) note(path, 'The id of a consumer with passwords holds no colon.')
  const known = passwords.map((one, index) => readPassword(one, consumer, end, [...path, 'passwords', index], reading))
  reading.passwords.set(id, Object.freeze(known.filter((one) => one !== undefined)))
}

function listIn(map: Map<unknown, unknown>, key: string, path: Path, note: Note): readonly unknown[] {
  const listed = map.get(key) ?? []
  if (Array.isArray(listed)) return listed
  note([...path, key], `"${key}" must be a list.`)
  return []
}

function readKey(value: unknown, consumer: Consumer, consumerEnd: number, path: Path, reading: Reading): void {
  const { keys, note } = reading
  if (!(value instanceof Map)) {
    note(path, 'A key must be a map with "sha256".')
    return
  }
  onlyMembers(value, ['id', 'sha256', 'prefix', 'created', 'expires'], path, note)
  readId(value, path, reading)
  const prefix = value.get('prefix')
  if (prefix !== undefined && typeof prefix !== 'string') note([...path, 'prefix'], '"prefix" must be text.')
  readTime(value, 'created', path, note)
  const expiresAt = Math.min(readTime(value, 'expires', path, note), consumerEnd)
  const sha256 = value.get('sha256')
  if (typeof sha256 !== 'string' || !/^[0-9a-fA-F]{64}$/.test(sha256)) {
    note(member(value, path, 'sha256'), '"sha256" must be 64 hexadecimal digits (in quotes where all are digits).')
    return
  }
  const digest = sha256.toLowerCase()
  if (keys.has(digest)) {
    note([...path, 'sha256'], 'This digest stands twice in this file: one key, one consumer.')
    return
  }
  keys.set(digest, { consumer, verdict: { outcome: 'verified', consumer }, expiresAt })
}

function readPassword(
  value: unknown,
  consumer: Consumer,
  consumerEnd: number,
  path: Path,
  reading: Reading,
): KnownPassword | undefined {
  const { note } = reading
  if (!(value instanceof Map)) {
    note(path, 'A password must be a map with "scrypt".')
    return undefined
  }
  onlyMembers(value, ['id', 'scrypt', 'created', 'expires'], path, note)
  readId(value, path, reading)
  readTime(value, 'created', path, note)
  const expiresAt = Math.min(readTime(value, 'expires', path, note), consumerEnd)
  const hash = parsePasswordHash(value.get('scrypt'))
  if (typeof hash !== 'string') return { hash, consumer, verdict: { outcome: 'verified', consumer }, expiresAt }
  note(member(value, path, 'scrypt'), hash)
  return undefined
}

function readId(map: Map<unknown, unknown>, path: Path, { ids, note }: Reading): void {
  const id = map.get('id')
  if (id === undefined) return
  if (typeof id !== 'string' || !nameForm.test(id)) note([...path, 'id'], 'An "id" must be text without spaces.')
  else if (ids.has(id)) note([...path, 'id'], `The id "${id}" stands twice in this file.`)
  else ids.add(id)
}

function onlyMembers(map: Map<unknown, unknown>, known: readonly string[], path: Path, note: Note): void {
  for (const name of map.keys()) {
    if (typeof name === 'string' && known.includes(name)) continue
    note([...path, name as string], `"${String(name)}" is not known here; known: ${known.join(', ')}.`)
  }
}

function readNames(map: Map<unknown, unknown>, key: string, path: Path, note: Note): readonly string[] {
  const value = map.get(key) ?? []
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && nameForm.test(name))) {
    return Object.freeze([...(value as string[])])
  }
  note([...path, key], `"${key}" must be a list of names.`)
  return []
}

/** A date, or a date with a time and an offset (RFC 3339); milliseconds since the epoch, Infinity where there is none. */
function readTime(map: Map<unknown, unknown>, key: string, path: Path, note: Note): number {
  const value = map.get(key)
  if (value === undefined) return Number.POSITIVE_INFINITY
  const form = /^\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d))?$/
  const time = typeof value === 'string' && form.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(time)) return time
  note([...path, key], `"${key}" must be a date such as 2027-01-31 or 2027-01-31T12:00:00Z.`)
  return Number.NEGATIVE_INFINITY
}

/** Maps as objects without a prototype: the file's names never meet those of Object. */
function plainObject(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, value] of map) object[String(key)] = plain(value)
  return object
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return plainObject(value)
  return Array.isArray(value) ? value.map(plain) : value
}

function member(map: Map<unknown, unknown>, path: Path, key: string): Path {
  return map.has(key) ? [...path, key] : path
}

function at(lines: LineCounter, offset: number, sentence: string): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col}: ${sentence.replace(/\s+/g, ' ').trim()}`
}
