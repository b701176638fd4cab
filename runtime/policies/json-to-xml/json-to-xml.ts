import { Buffer } from 'node:buffer'
import type { Exchange } from '../../core/exchange.ts'
import { type Fields, fieldValue, withoutFields } from '../../core/headers.ts'
import type { Policy } from '../../core/policy.ts'
import { reject } from '../../core/rejection.ts'
import { JsonFault } from '../../json/json-fault.ts'
import { isCoded, knownCodings, undoCodings } from '../../validation/content-coding.ts'
import { parseMediaType } from '../../validation/media-type.ts'
import { linkWritten, type WrittenRoot } from '../../xml/write/link-written.ts'
import { Overgrown } from '../../xml/write/overgrown.ts'
import { writeXml } from '../../xml/write/write-xml.ts'
import type { WriteOptions } from '../../xml/write/xml-writer.ts'
import type { JsonToXmlOptions } from './options.ts'
import { envelope, soapFields } from './soap.ts'

export type { JsonToXmlOptions } from './options.ts'

/** Elements within each other. What `validate` lets through nests less. */
const deepest = 100

/** Characters of one document. Bodies are bounded, but names can be longer than what they name. */
const largest = 64 * 1024 * 1024

/**
 * Sends the upstream XML where callers send JSON, led by the plan that the compiler made of the request schema.
 *
 * Bodies that are no JSON pass as they are: what the contract declares besides is for the upstream to read. What XML cannot
 * hold is 400 with its pointer.
 */
export function jsonToXml(options: JsonToXmlOptions): Policy {
  const writer = new Writer(options)
  return (next) => async (exchange) => {
    const { headers } = exchange
    if (!(await writer.convert(exchange))) return next(exchange)
    try {
      return await next(exchange)
    } finally {
      // Policies further out decide by what the caller sent.
      exchange.headers = headers
    }
  }
}

/** Fields that speak of the bytes that came. */
const ofTheBytes: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'soapaction',
])

class Writer {
  readonly #options: JsonToXmlOptions
  readonly #write: WriteOptions
  readonly #fields: Fields
  /** Linked when the first body comes: a large document has more operations than a day has callers. */
  #root: WrittenRoot | undefined = undefined

  constructor(options: JsonToXmlOptions) {
    const { unknown = 'drop', nulls = 'nil', soap, mediaType } = options
    this.#options = options
    this.#write = { unknown, nulls, size: largest }
    this.#fields = soap === undefined ? ['Content-Type', `${mediaType}; charset=utf-8`] : soapFields(soap)
  }

  /** @returns whether the request has XML now */
  async convert(exchange: Exchange): Promise<boolean> {
    const json = await this.#json(exchange)
    if (json === undefined) return false
    exchange.body.buffered = Buffer.from(this.#document(json, exchange))
    exchange.headers = [...withoutFields(exchange.headers, ofTheBytes), ...this.#fields]
    exchange.record('jsonToXml', 'converted')
    return true
  }

  /** The JSON of the body; undefined where it has none. */
  async #json({ body, headers }: Exchange): Promise<Buffer | undefined> {
    const { always } = this.#options
    if (!body.isPresent) return always ? empty : undefined
    const media = parseMediaType(fieldValue(headers, 'content-type') ?? '')
    if (media === undefined || !isJson.test(media.type)) return undefined
    const bytes = await body.bytes()
    if (bytes.length === 0) return always ? empty : undefined
    const charset = media.parameters.get('charset')?.toLowerCase() ?? 'utf-8'
    if (charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
      throw reject('unsupported-media-type', { detail: 'The charset cannot be read; send UTF-8.' })
    }
    const coding = fieldValue(headers, 'content-encoding')
    return isCoded(coding) ? uncoded(bytes, coding, body.limit) : bytes
  }

  #document(json: Buffer, exchange: Exchange): string {
    const { root, namespaces, soap, declaration } = this.#options
    this.#root ??= linkWritten(root, namespaces)
    try {
      const element = writeXml(json, this.#root, this.#write, deepest)
      const content = soap === undefined ? element : envelope(element, soap)
      return declaration === false ? content : `<?xml version="1.0" encoding="UTF-8"?>${content}`
    } catch (error) {
      if (error instanceof Overgrown) throw reject('content-too-large')
      if (!(error instanceof JsonFault)) throw error
      const { pointer, message, keyword } = error
      exchange.record('jsonToXml', 'refused', { keyword })
      throw reject('invalid-request', { errors: [{ pointer, detail: message, keyword }] })
    }
  }
}

const isJson = /^[^/]+\/(?:json|[^/]+\+json)$/
const empty = Buffer.from('{}')

async function uncoded(bytes: Buffer, coding: string | undefined, limit: number): Promise<Buffer> {
  const content = await undoCodings(bytes, coding, limit)
  if (content === 'unknown') {
    const headers = ['Accept-Encoding', knownCodings]
    throw reject('unsupported-media-type', { detail: 'The content coding cannot be read.', headers })
  }
  if (content === 'too-large') throw reject('content-too-large')
  if (content === 'malformed') throw reject('bad-request', { detail: 'The content coding is malformed.' })
  return content
}
