import type { ErrorObject } from 'ajv'
import { mergeSchemas, typeOf } from './merged-schema.ts'
import type { Oracle } from './oracle.ts'
import { sample } from './sample.ts'
import { encode, writePairs } from './serialise.ts'
import { isMembers, type Located, type SourceDocument, Unreadable } from './source-document.ts'
import type { SourceMedia } from './source-operation.ts'

export interface BodySample {
  readonly media: SourceMedia
  /** The type to send: a range is sent as one type of it. */
  readonly type: string
  readonly bytes: Buffer
  /** What the bytes mean, where the proxy reads them. */
  readonly value: unknown
  readonly isJson: boolean
}

/** Bodies of one media type that the schema allows: as small as can be, with optional members, and the author's examples. */
export function sampleBodies(media: SourceMedia, source: SourceDocument, oracle: Oracle): BodySample[] {
  const type = sentType(media.mediaType)
  if (type === undefined) return []
  const sequence = sequenceOf(media, essence(type), source, oracle)
  if (sequence !== undefined) return [{ media, type, bytes: Buffer.from(sequence), value: undefined, isJson: false }]
  const isJson = /^(application|text)\/json$|[+]json$/i.test(essence(type))
  const write = isPlainText(media, source) ? undefined : writerOf(essence(type))
  if (write === undefined)
    return [{ media, type, bytes: Buffer.from(/xml/.test(type) ? '<a/>' : 'corpus'), value: undefined, isJson }]
  const values =
    media.schema === undefined
      ? [isJson ? {} : 'text']
      : valuesOf(media.schema, isJson ? media.examples : [], source, oracle)
  const found = new Map<string, BodySample>()
  for (const made of isJson && media.schema !== undefined
    ? [...values, ...unusual(media.schema, values, oracle)]
    : values) {
    const value = isJson ? made : writable(media, made, source, oracle, write)
    try {
      const text = write(media, value, source)
      if (!found.has(text)) found.set(text, { media, type, bytes: Buffer.from(text), value, isJson })
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
    }
  }
  return [...found.values()].slice(0, 5)
}

/** Two items, each a line. */
function sequenceOf(media: SourceMedia, type: string, source: SourceDocument, oracle: Oracle): string | undefined {
  if (media.itemSchema === undefined || !/^application\/(jsonl|x-ndjson|json-seq)$/.test(type)) return undefined
  const start = type === 'application/json-seq' ? '\x1e' : ''
  const items = valuesOf(media.itemSchema, [], source, oracle).slice(0, 2)
  return items.length === 0 ? undefined : items.map((item) => `${start}${JSON.stringify(item)}\n`).join('')
}

export function essence(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase()
}

/** A structure in `text/plain`: nobody says how it is written, so that nobody looks into it. */
function isPlainText({ mediaType, schema }: SourceMedia, source: SourceDocument): boolean {
  if (essence(mediaType) !== 'text/plain' || schema === undefined) return false
  const type = typeOf(mergeSchemas(source, [schema], (branches) => branches[0]))
  return type !== undefined && type !== 'string'
}

/** `*` of a range is filled in. */
function sentType(mediaType: string): string | undefined {
  const [type = '', subtype = ''] = essence(mediaType).split('/')
  if (type === '' || subtype === '') return undefined
  if (type === '*') return 'application/json'
  if (subtype === '*')
    return type === 'application' ? 'application/json' : `${type}/${type === 'text' ? 'plain' : 'x-any'}`
  if (type === 'multipart' && subtype !== '') return `${mediaType}; boundary=corpus`
  return mediaType
}

/** What many schemas allow without saying so: members nobody has declared, and null where it is admitted. */
function unusual(schema: Located, values: readonly unknown[], oracle: Oracle): unknown[] {
  const largest = values.filter(isMembers).sort((a, b) => Object.keys(b).length - Object.keys(a).length)[0]
  if (largest === undefined) return []
  const isValid = (value: unknown): boolean => oracle.judge(schema, value) === 'valid'
  const nulls = Object.keys(largest).filter((name) => isValid({ ...largest, [name]: null }))
  const empty = Object.fromEntries(nulls.map((name) => [name, null]))
  const candidates = [
    { ...largest, corpusUndeclared: { a: [1] } },
    ...(nulls.length > 0 ? [{ ...largest, ...empty }] : []),
  ]
  return candidates.filter(isValid)
}

/** Without the members of a form that no text can say. */
function writable(media: SourceMedia, value: unknown, source: SourceDocument, oracle: Oracle, write: Writer): unknown {
  if (!isMembers(value)) return value
  const kept = Object.entries(value).filter((member) => {
    try {
      return write(media, Object.fromEntries([member]), source) !== ''
    } catch {
      return false
    }
  })
  const pruned = Object.fromEntries(kept)
  return media.schema === undefined || oracle.judge(media.schema, pruned) === 'valid' ? pruned : value
}

type Writer = (media: SourceMedia, value: unknown, source: SourceDocument) => string

/** Undefined where the proxy does not look into bodies of this type. */
export function writerOf(type: string): Writer | undefined {
  if (/^(application|text)\/json$|[+]json$/.test(type)) return (_media, value) => JSON.stringify(value)
  if (type === 'text/plain') return (_media, value) => textOf(value)
  if (type === 'application/x-www-form-urlencoded') return formText
  return type === 'multipart/form-data' ? multipartText : undefined
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Unreadable('no text')
  return value
}

/** Values the oracle confirms. */
function valuesOf(schema: Located, candidates: readonly unknown[], source: SourceDocument, oracle: Oracle): unknown[] {
  const found: unknown[] = []
  for (const full of [false, true]) {
    for (let branch = 0; branch < 8; branch++) {
      const value = confirmed(schema, { full, branch }, source, oracle)
      if (value === undefined) continue
      found.push(value)
      break
    }
  }
  const example = candidates.find((value) => oracle.judge(schema, value) === 'valid')
  return example === undefined ? found : [...found, example]
}

/** A made value, without the optional members that turn out not to be right. */
function confirmed(
  schema: Located,
  wish: { readonly full: boolean; readonly branch: number },
  source: SourceDocument,
  oracle: Oracle,
): unknown {
  let value: unknown
  try {
    value = sample(source, schema, wish)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
  for (let attempt = 0; attempt < 3; attempt++) {
    const verdict = oracle.judge(schema, value)
    if (verdict === 'valid') return value
    if (verdict === 'unknown' || !wish.full || !isMembers(value)) return undefined
    const wrong = new Set(verdict.map(({ instancePath }: ErrorObject) => plainToken(instancePath.split('/')[1] ?? '')))
    value = Object.fromEntries(Object.entries(value).filter(([name]) => !wrong.has(name)))
  }
  return undefined
}

function plainToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** `multipart/form-data`: a part for each member, and for each item of a list. @throws Unreadable */
function multipartText(media: SourceMedia, value: unknown, source: SourceDocument): string {
  if (!isMembers(value)) throw new Unreadable('a form is an object')
  const parts = Object.entries(value).flatMap(([name, member]) => {
    if (/[^\x20-\x7e]|["\\%]/.test(name)) throw new Unreadable('no name for a part')
    const written = media.encoding === undefined ? undefined : source.get(media.encoding, name)
    const told = written === undefined ? undefined : source.at(written, 'contentType')?.value
    if (Array.isArray(member) && member.length === 0) throw new Unreadable('an empty list has no part')
    return (Array.isArray(member) ? member : [member]).map((item) => {
      if (item === null) throw new Unreadable('null is not written in a part')
      const isText = typeof item !== 'object'
      const type =
        typeof told === 'string'
          ? told.split(',')[0]!.trim().replace('*', 'any')
          : isText
            ? undefined
            : 'application/json'
      const head = `Content-Disposition: form-data; name="${name}"${type === undefined ? '' : `\r\nContent-Type: ${type}`}`
      const isJson = type !== undefined && /json/.test(type)
      return `--corpus\r\n${head}\r\n\r\n${isText && !isJson ? String(item) : JSON.stringify(item)}\r\n`
    })
  })
  if (parts.length === 0) throw new Unreadable('an empty form')
  return `${parts.join('')}--corpus--\r\n`
}

/** `application/x-www-form-urlencoded`: objects as JSON unless `encoding` gives them a style. @throws Unreadable */
export function formText(media: SourceMedia, value: unknown, source: SourceDocument): string {
  if (!isMembers(value)) throw new Unreadable('a form is an object')
  const pairs = Object.entries(value).flatMap(([name, member]) => {
    const written = media.encoding === undefined ? undefined : source.get(media.encoding, name)
    const at = (key: string): unknown => (written === undefined ? undefined : source.at(written, key)?.value)
    const isStyled = ['style', 'explode', 'allowReserved'].some((key) => at(key) !== undefined)
    // Items are written one by one, each in the media type of its kind (OpenAPI 3.1 §4.8.15, `contentType`).
    const isJson = /json/.test(String(at('contentType') ?? ''))
    if (!isStyled && Array.isArray(member) && member.some((item) => typeof item === 'object')) {
      return member.map((item) => `${encode(name)}=${encode(JSON.stringify(item))}`)
    }
    if (isJson || (isMembers(member) && !isStyled)) return [`${encode(name)}=${encode(JSON.stringify(member))}`]
    const style = String(at('style') ?? 'form')
    const explode = at('explode')
    return writePairs(
      { name, style, explode: typeof explode === 'boolean' ? explode : style === 'form' },
      member,
      encode,
    )
  })
  if (pairs.length === 0) throw new Unreadable('an empty form')
  return pairs.join('&')
}
