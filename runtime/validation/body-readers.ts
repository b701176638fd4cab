import { isUtf8 } from 'node:buffer'
import type { Fault } from '../core/problem.ts'
import { type Decode, setMember, Unreadable } from './decode.ts'
import { type JsonLimits, parseJson } from './json.ts'
import type { MediaType } from './media-type.ts'
import { type BoundParameter, bindParameter, type Found, type Parameter } from './parameter.ts'
import { formDecode } from './percent.ts'
import { eachPair, PairsReader, pairName, type Unknown } from './query.ts'

/** How a media type's content is read: what its schema judges comes out of here. */
export interface MediaReading {
  /** Of forms: how each field is written and read. */
  readonly fields?: readonly Field[]
  /** Of forms: what fields are that nobody declared; absent: `unknown` says what happens to them. */
  readonly otherFields?: Decode
}

export interface Field extends Omit<Parameter, 'schema' | 'required'> {}

export type BodyReader = (reading: MediaReading, unknown: Unknown) => ReadBody

/** @returns the value, with the bytes to forward where they are no longer those that came; faults; or 'charset' */
export type ReadBody = (bytes: Buffer, media: MediaType, limits: JsonLimits) => BodyValue

export type BodyValue =
  | { readonly value: unknown; readonly stripped?: Buffer; readonly faults?: readonly Fault[] }
  | { readonly fault: Fault }
  | { readonly unsupported: 'charset' }

export const jsonBody: BodyReader = () => (bytes, media, limits) =>
  isUtf8Charset(media) ? parseJson(bytes, limits) : { unsupported: 'charset' }

export const textBody: BodyReader = () => (bytes, media) => {
  const charset = charsetOf(media)
  if (charset === 'iso-8859-1') return { value: bytes.toString('latin1') }
  if (!isUtf8Charset(media)) return { unsupported: 'charset' }
  return isUtf8(bytes) ? { value: bytes.toString() } : badUtf8
}

const badUtf8: BodyValue = { fault: { pointer: '', detail: 'is not valid UTF-8', keyword: 'encoding' } }

/** `application/x-www-form-urlencoded` (OpenAPI 3.1 §4.8.14.4, Encoding Object). */
export const formBody: BodyReader = ({ fields = [], otherFields }, unknown) => {
  const bound = fields.map((field) => bindParameter(field, 'query', formDecode))
  const pairs = new PairsReader(bound)
  const rest = otherFields === undefined ? undefined : bindRest(otherFields)
  return (bytes, media) => {
    if (!isUtf8Charset(media)) return { unsupported: 'charset' }
    if (!isUtf8(bytes)) return badUtf8
    const text = bytes.toString()
    const found: (Found | undefined)[] = []
    const others = new Map<string, Found>()
    const faults: Fault[] = []
    const kept: string[] = []
    eachPair(text, (rawName, raw, start, end) => {
      const name = pairName(rawName)
      if (name !== undefined && pairs.put(found, name, raw)) kept.push(text.slice(start, end))
      else if (rest !== undefined && name !== undefined) {
        const known = others.get(name)
        others.set(
          name,
          known === undefined ? raw : [...(typeof known === 'string' ? [known] : (known as string[])), raw],
        )
        kept.push(text.slice(start, end))
      } else if (unknown === 'pass') kept.push(text.slice(start, end))
      else if (unknown === 'reject' && faults.length < mostFaults) {
        faults.push({ pointer: pointerTo(name ?? rawName), detail: 'is not declared', keyword: 'unknown' })
      }
    })
    const value: Record<string, unknown> = {}
    const set = (name: string, member: unknown): void => {
      if (member instanceof Unreadable)
        faults.push({ pointer: pointerTo(name), detail: member.detail, keyword: member.keyword })
      else setMember(value, name, member)
    }
    bound.forEach((field, index) => {
      if (found[index] !== undefined) set(field.name, field.read(found[index]))
    })
    for (const [name, raw] of others) set(name, rest!.read(raw))
    const isStripped = unknown === 'strip' && kept.join('&').length < text.length
    return { value, faults, ...(isStripped ? { stripped: Buffer.from(kept.join('&')) } : {}) }
  }
}

const mostFaults = 50

function bindRest(decode: Decode): BoundParameter {
  return bindParameter({ name: '', decode }, 'query', formDecode)
}

/** A JSON pointer to a member, cut where the caller's name is long. */
export function pointerTo(name: string): string {
  return `/${name.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function charsetOf(media: MediaType): string | undefined {
  return media.parameters.get('charset')?.toLowerCase()
}

function isUtf8Charset(media: MediaType): boolean {
  const charset = charsetOf(media)
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii'
}
