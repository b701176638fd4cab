import type { Exchange } from '../../core/exchange.ts'
import { fieldValue, fieldValues } from '../../core/headers.ts'
import type { Fault } from '../../core/problem.ts'
import { type Rejection, reject } from '../../core/rejection.ts'
import type { Validator } from '../../core/validator.ts'
import type { BodyLimits, BodyReader, MediaReading, ReadBody } from '../../validation/body-readers.ts'
import { isCoded, knownCodings, undoCodings } from '../../validation/content-coding.ts'
import { bodyFaults } from '../../validation/details.ts'
import { type MediaType, MediaTypes } from '../../validation/media-type.ts'
import type { Unknown } from '../../validation/query.ts'
import type { Rules } from './validate-request.ts'

export interface BodyOptions {
  readonly required?: boolean
  /** By media type or range. A media type with nothing to check is streamed unread. */
  readonly content: Readonly<Record<string, MediaOptions>>
}

export interface MediaOptions extends MediaReading {
  readonly read?: BodyReader
  readonly schema?: Validator
  /** Of sequential media types, whose value is the list of their items: judges each (OpenAPI 3.2 §4.14.3). */
  readonly itemSchema?: Validator
}

export interface BodyRules extends Rules {
  /** For fields of forms. */
  readonly unknown: Unknown
  readonly anyMediaType: boolean
  /** Notes what is wrong, and says with what the request is refused. */
  readonly refuse: (exchange: Exchange, faults: readonly Fault[]) => Rejection
  /** What is wrong is noted, not refused. */
  readonly detects: boolean
  readonly limits: BodyLimits
}

interface BoundMedia {
  readonly read: ReadBody | undefined
  readonly schema: Validator | undefined
  readonly itemSchema: Validator | undefined
}

/**
 * Checks the body; undefined where it need not be read.
 * @throws Rejection 415, unless any media type passes
 */
export function bodyChecker(
  options: BodyOptions | undefined,
  rules: BodyRules,
): (exchange: Exchange, faults: Fault[]) => Promise<void> | undefined {
  const { anyMediaType, unknown } = rules
  if (options === undefined) {
    return ({ body, headers }, faults) => {
      if (!body.isPresent || anyMediaType) return undefined
      const isTyped = fieldValue(headers, 'content-type') !== undefined
      if (isTyped && !rules.detects) throw unsupported('This operation takes no body.')
      faults.push({ pointer: '', detail: 'is not declared: this operation takes no body', keyword: 'unknown' })
      return undefined
    }
  }
  const required = options.required === true
  const bound: Record<string, BoundMedia> = {}
  for (const [range, media] of Object.entries(options.content)) {
    bound[range] = { read: media.read?.(media, unknown), schema: media.schema, itemSchema: media.itemSchema }
  }
  const mediaTypes = new MediaTypes(bound)
  const accepted = Object.keys(options.content).join(', ')

  return (exchange, faults) => {
    const { body, headers } = exchange
    if (!body.isPresent) {
      if (required) faults.push(missing)
      return undefined
    }
    const [contentType, second] = fieldValues(headers, 'content-type')
    if (second !== undefined) throw reject('bad-request', { detail: 'Content-Type must be given once.' })
    const match = mediaTypes.match(contentType ?? 'application/octet-stream')
    if (match === undefined) {
      if (anyMediaType) return undefined
      if (rules.detects) {
        faults.push({ header: 'Content-Type', detail: 'is not a declared media type', keyword: 'mediaType' })
        return undefined
      }
      throw unsupported('The media type is not declared for this operation.', ['Accept', accepted])
    }
    const { read, schema, itemSchema } = match.value
    if (read === undefined) return undefined
    // A client that waits to be asked for its body is answered before it sends one in vain (RFC 9110 §10.1.1).
    if (faults.length > 0 && body.isAwaited && !rules.detects) return undefined
    if (read.guard !== undefined && isStreamed(exchange, rules)) {
      const refuse = (found: readonly Fault[]): Rejection => rules.refuse(exchange, found)
      const { details, room, limits } = rules
      if (faults.length === 0)
        body.guard((source) =>
          read.guard!(source, match.media, { required, schema, details, room, parts: limits.parts, refuse }),
        )
      return undefined
    }
    return readAndCheck(exchange, { read, schema, itemSchema, media: match.media, required, rules }, faults)
  }
}

/** What is short is judged before any of it goes on; what is long is judged on its way. */
const wholeUpTo = 64 * 1024

function isStreamed({ body, headers }: Exchange, rules: BodyRules): boolean {
  if (rules.detects || body.buffered !== undefined || isCoded(fieldValue(headers, 'content-encoding'))) return false
  return (body.declaredLength ?? Infinity) > wholeUpTo
}

interface Reading {
  readonly read: ReadBody
  readonly schema: Validator | undefined
  readonly itemSchema: Validator | undefined
  readonly media: MediaType
  readonly required: boolean
  readonly rules: BodyRules
}

const missing: Fault = { pointer: '', detail: 'is required', keyword: 'required' }

async function readAndCheck(exchange: Exchange, reading: Reading, faults: Fault[]): Promise<void> {
  const { read, schema, itemSchema, media, required, rules } = reading
  const bytes = await exchange.body.bytes()
  if (bytes.length === 0) {
    // Chunks that hold nothing, or `Content-Length: 0`, are no body.
    if (required) faults.push(missing)
    return
  }
  const coding = fieldValue(exchange.headers, 'content-encoding')
  const content = isCoded(coding) ? await uncoded(bytes, coding, exchange.body.limit) : bytes
  const body = read(content, media, rules.limits)
  if ('unsupported' in body) throw unsupported('The charset cannot be read; send UTF-8.')
  if ('fault' in body) {
    faults.push(body.fault)
    return
  }
  faults.push(...(body.faults ?? []))
  if (body.stripped !== undefined && !isCoded(coding)) exchange.body.buffered = body.stripped
  if (itemSchema !== undefined) judgeItems(body.value as readonly unknown[], itemSchema, rules, faults)
  if (schema !== undefined && !schema(body.value)) {
    // A field that could not be read is not missing as well.
    const known = new Set(body.faults?.map(({ pointer }) => pointer))
    const found = bodyFaults(schema.errors, rules.details, rules.room)
    faults.push(...found.filter(({ pointer }) => !known.has(pointer)).slice(0, rules.room - faults.length))
  }
}

/** An item that could not be read is undefined, and a fault already. */
function judgeItems(items: readonly unknown[], schema: Validator, rules: BodyRules, faults: Fault[]): void {
  for (const [index, item] of items.entries()) {
    if (faults.length >= rules.room) return
    if (item === undefined || schema(item)) continue
    for (const fault of bodyFaults(schema.errors, rules.details, rules.room - faults.length))
      faults.push({ ...fault, pointer: `/${index}${fault.pointer}` })
  }
}

async function uncoded(bytes: Buffer, coding: string | undefined, limit: number): Promise<Buffer> {
  const content = await undoCodings(bytes, coding, limit)
  switch (content) {
    case 'unknown':
      throw unsupported('The content coding cannot be read.', ['Accept-Encoding', knownCodings])
    case 'too-large':
      throw reject('content-too-large')
    case 'malformed':
      throw reject('bad-request', { detail: 'The content coding is malformed.' })
    default:
      return content
  }
}

function unsupported(detail: string, headers?: string[]): ReturnType<typeof reject> {
  return reject('unsupported-media-type', { detail, ...(headers === undefined ? {} : { headers }) })
}
