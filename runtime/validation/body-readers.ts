import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import type { Fault } from '../core/problem.ts'
import { type Decode, isList, isUnion, readScalar, scalarsOf, setMember, Unreadable } from './decode.ts'
import { type Piece, readDeepObject } from './deep-object.ts'
import { type JsonLimits, parseJson } from './json.ts'
import { type MediaType, MediaTypes } from './media-type.ts'
import { boundaryOf, malformedMultipart, type Part, parseMultipart } from './multipart.ts'
import { type GuardRules, guardParts, type PartsReader } from './multipart-guard.ts'
import { type BoundParameter, bindParameter, type Found, type Parameter } from './parameter.ts'
import { asIs, formDecode } from './percent.ts'
import { eachPair, PairsReader, pairName, type Unknown } from './query.ts'
import { type Scalar, string } from './scalars.ts'
import { standIn } from './stand-in.ts'

/** How a media type's content is read: what its schema judges comes out of here. */
export interface MediaReading {
  /** Of forms: how each field is written and read. */
  readonly fields?: readonly Field[]
  /** Of forms: what fields are that nobody declared; absent: `unknown` says what happens to them. */
  readonly otherFields?: Decode
}

export interface Field extends Omit<Parameter, 'schema' | 'required'> {
  /** Of multipart bodies: the media types or ranges a part may have; absent: any. */
  readonly contentType?: readonly string[]
  /** Of multipart bodies: bytes, whose length is all that can be judged. */
  readonly binary?: boolean
}

export interface BodyLimits extends JsonLimits {
  /** Parts of a multipart body; 100 where nothing is said. */
  readonly parts?: number
}

export type BodyReader = (reading: MediaReading, unknown: Unknown) => ReadBody

/** @returns the value, with the bytes to forward where they are no longer those that came; faults; or 'charset' */
export interface ReadBody {
  (bytes: Buffer, media: MediaType, limits: BodyLimits): BodyValue
  /** Of bodies that may be judged while they pass. */
  readonly guard?: (source: Readable, media: MediaType, rules: GuardRules) => Readable
}

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

/** `multipart/form-data` (RFC 7578, OpenAPI 3.1 §4.8.14.5): each part is a field, a repeated one an item of a list. */
export const multipartBody: BodyReader = ({ fields = [], otherFields }, unknown) => {
  const readers = new Map(fields.map((field) => [field.name, partReader(field)]))
  const others = otherFields === undefined ? undefined : partReader({ name: '', decode: otherFields })
  const deep = new Map(
    fields.flatMap(({ name, style, decode = string }) => (style === 'deepObject' ? [[name, decode] as const] : [])),
  )
  /** `filter[name]` is a piece of `filter`. */
  const ownerOf = (name: string): string | undefined => {
    const owner = name.slice(0, Math.max(name.indexOf('['), 0))
    return deep.has(owner) ? owner : undefined
  }
  const readParts: PartsReader['read'] = (parts) => {
    const value: Record<string, unknown> = {}
    const faults: Fault[] = []
    const pieces = new Map<string, Piece[]>()
    const set = (name: string, member: unknown): void => {
      if (member instanceof Unreadable)
        faults.push({ pointer: pointerTo(name), detail: member.detail, keyword: member.keyword })
      else setMember(value, name, member)
    }
    for (const [name, given] of Map.groupBy(parts, (part) => part.name)) {
      const owner = readers.has(name) ? undefined : ownerOf(name)
      if (owner !== undefined) {
        const own = given.map(({ content }) => ({ path: name.slice(owner.length), raw: content.toString() }))
        pieces.set(owner, [...(pieces.get(owner) ?? []), ...own])
        continue
      }
      const reader = readers.get(name) ?? others
      if (reader === undefined) {
        if (unknown === 'reject')
          faults.push({ pointer: pointerTo(name), detail: 'is not declared', keyword: 'unknown' })
        continue
      }
      set(name, reader(given))
    }
    for (const [name, own] of pieces) set(name, readDeepObject(own, deep.get(name)!, asIs))
    return { value, faults }
  }
  const isKnown = ({ name }: Part): boolean =>
    unknown !== 'strip' || others !== undefined || readers.has(name) || ownerOf(name) !== undefined
  const readWhole: ReadBody = (bytes, media, limits) => {
    const boundary = boundaryOf(media)
    const parts = boundary === undefined ? undefined : parseMultipart(bytes, boundary, limits.parts ?? 100)
    if (parts === undefined) return { fault: malformedMultipart }
    const { value, faults } = readParts(parts)
    if (parts.every(isKnown)) return { value, faults }
    const kept: Buffer[] = []
    for (const part of parts) if (isKnown(part)) kept.push(bytes.subarray(part.start, part.end))
    return { value, faults, stripped: Buffer.concat([...kept, bytes.subarray(parts.at(-1)!.end)]) }
  }
  const files = new Set(fields.filter(({ binary }) => binary === true).map(({ name }) => name))
  if (files.size === 0 || unknown === 'strip') return readWhole
  const reader: PartsReader = { isFile: (name) => files.has(name), read: readParts }
  return Object.assign(readWhole, {
    guard: (source: Readable, media: MediaType, rules: GuardRules) => guardParts(source, reader, media, rules),
  })
}

function partReader({ decode = string, contentType, binary }: Field): (parts: readonly Part[]) => unknown {
  const accepted =
    contentType === undefined ? undefined : new MediaTypes(Object.fromEntries(contentType.map((type) => [type, true])))
  const ways = isUnion(decode) ? decode.anyOf : [decode]
  const list = ways.find(isList)
  const single = ways.length > 1 || list === undefined ? scalarsOf(decode) : undefined
  const items = list === undefined ? undefined : scalarsOf(list.items)
  const readOne = ({ content, length, mediaType, charset = 'utf-8' }: Part, scalars: readonly Scalar[]): unknown => {
    if (accepted !== undefined && accepted.match(mediaType) === undefined) return otherMediaType
    if (length !== undefined) return standIn(length)
    if (binary === true) return content.toString('latin1')
    if (charset !== 'utf-8' && charset !== 'us-ascii') return notUtf8
    return isUtf8(content) ? readScalar(scalars, content.toString()) : notUtf8
  }
  return (parts) => {
    if (parts.length === 1 && single !== undefined) {
      const value = readOne(parts[0]!, single)
      if (items === undefined || !(value instanceof Unreadable)) return value
    }
    if (items === undefined) return givenTwice
    const values = parts.map((part) => readOne(part, items))
    return values.find((value) => value instanceof Unreadable) ?? values
  }
}

const otherMediaType = new Unreadable('mediaType', 'is not of a declared media type')
const notUtf8 = new Unreadable('encoding', 'is not valid UTF-8')
const givenTwice = new Unreadable('style', 'must be given once')

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
