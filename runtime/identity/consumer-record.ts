import type { Consumer } from '../core/consumer.ts'
import { certificateKey, certificateNames } from './certificate-names.ts'
import type { KnownKey, KnownPassword } from './consumers.ts'
import { parsePasswordHash } from './password-hash.ts'

type Path = readonly (string | number)[]
/** Told of a problem and where it is. */
export type Note = (path: Path, sentence: string) => void

/** Where what is read goes; several consumers may share one. */
export interface Reading {
  readonly keys: Map<string, KnownKey>
  readonly passwords: Map<string, readonly KnownPassword[]>
  /** By `certificateKey`; undefined where certificates cannot be listed. */
  readonly certificates?: Map<string, KnownKey>
  /** Of all keys and passwords of the file. */
  readonly ids: Set<string>
  readonly note: Note
}

const nameForm = /^[\x21-\x7e]{1,128}$/

/** Reads one consumer, as it stands under its id in a consumers file. Strict: every problem is noted. */
export function readConsumer(id: unknown, value: unknown, reading: Reading): void {
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
  onlyMembers(
    value,
    ['keys', 'passwords', 'certificates', 'roles', 'scopes', 'plan', 'expires', 'metadata'],
    path,
    note,
  )
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
  for (const [index, one] of listIn(value, 'certificates', path, note).entries()) {
    readCertificate(one, consumer, end, [...path, 'certificates', index], reading)
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
    note([...path, 'sha256'], 'This digest stands twice: one key, one consumer.')
    return
  }
  keys.set(digest, { consumer, verdict: { outcome: 'verified', consumer }, expiresAt })
}

function readCertificate(value: unknown, consumer: Consumer, consumerEnd: number, path: Path, reading: Reading): void {
  const { certificates, note } = reading
  if (certificates === undefined) {
    note(path, 'Certificates are listed in consumers files only.')
    return
  }
  const named = value instanceof Map ? certificateNames.filter((kind) => value.has(kind)) : []
  if (!(value instanceof Map) || named.length !== 1) {
    note(path, `A certificate must be a map with one of ${certificateNames.join(', ')}.`)
    return
  }
  onlyMembers(value, ['id', ...certificateNames, 'created', 'expires'], path, note)
  readId(value, path, reading)
  readTime(value, 'created', path, note)
  const expiresAt = Math.min(readTime(value, 'expires', path, note), consumerEnd)
  const kind = named[0]!
  const name: unknown = value.get(kind)
  const key = typeof name === 'string' ? certificateKey(kind, name) : undefined
  if (key === undefined) note([...path, kind], `"${kind}" does not name a certificate.`)
  else if (certificates.has(key)) note([...path, kind], 'This name stands twice: one certificate, one consumer.')
  else certificates.set(key, { consumer, verdict: { outcome: 'verified', consumer }, expiresAt })
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
  else if (ids.has(id)) note([...path, 'id'], `The id "${id}" stands twice.`)
  else ids.add(id)
}

export function onlyMembers(map: Map<unknown, unknown>, known: readonly string[], path: Path, note: Note): void {
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
  // `2027-02-30` would be taken for a day in March.
  const isDay = typeof value === 'string' && isCalendarDay(value.slice(0, 10))
  if (!Number.isNaN(time) && isDay) return time
  note([...path, key], `"${key}" must be a date such as 2027-01-31 or 2027-01-31T12:00:00Z.`)
  return Number.NEGATIVE_INFINITY
}

function isCalendarDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
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
