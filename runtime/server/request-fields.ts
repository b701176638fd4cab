import type { Fields } from '../core/headers.ts'
import { type Rejection, reject } from '../core/rejection.ts'

/** A request's header block sorted into what the server acts on and what goes on. */
export interface RequestFields {
  /** End-to-end fields in the order and case they came; without Host, framing and what proxies say of the client. */
  fields: Fields
  host: string | undefined
  contentLength: number | undefined
  contentType: string | undefined
  isChunked: boolean
  /** What the `Connection` fields list, lower case; undefined where there is none. */
  connection: string | undefined
  maxForwards: string | undefined
  expect: string | undefined
  upgrade: string | undefined
  requestId: string | undefined
  forwarded: string | undefined
  forwardedFor: string | undefined
  forwardedProto: string | undefined
  forwardedHost: string | undefined
  /** Further `X-Forwarded-*` fields: they count where a trusted proxy says them, and go no further from anybody else. */
  claims: Fields | undefined
}

/**
 * Sorts `rawHeaders` in one pass.
 * @param limit bytes of the whole block
 * @throws Rejection 431 past the limit, 400 or 501 where two readers could see different messages
 */
export function sortFields(raw: readonly string[], limit: number): RequestFields {
  const sorted: RequestFields = {
    fields: [],
    host: undefined,
    contentLength: undefined,
    contentType: undefined,
    isChunked: false,
    connection: undefined,
    maxForwards: undefined,
    expect: undefined,
    upgrade: undefined,
    requestId: undefined,
    forwarded: undefined,
    forwardedFor: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
    claims: undefined,
  }
  const { fields } = sorted
  let size = 0
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!
    const value = raw[i + 1]!
    // `: ` and the end of the line count too.
    size += name.length + value.length + 4
    if (take(sorted, name, value)) continue
    if (isClaim(name)) claim(sorted, name, value)
    else fields.push(name, value)
  }
  if (size > limit) throw reject('fields-too-large')
  if (sorted.contentLength !== undefined && sorted.isChunked) {
    throw reject('bad-request', { detail: 'Content-Length and Transfer-Encoding contradict each other.' })
  }
  if (sorted.connection !== undefined) dropListed(sorted, sorted.connection)
  return sorted
}

/** True where the field is the server's business and goes no further. The length settles nearly every name. */
function take(sorted: RequestFields, name: string, value: string): boolean {
  switch (name.length) {
    case 2:
      return name.toLowerCase() === 'te'
    case 4:
      if (name.toLowerCase() !== 'host') return false
      if (sorted.host !== undefined) throw reject('bad-request', { detail: 'There is more than one Host field.' })
      sorted.host = value
      return true
    case 6:
      if (name.toLowerCase() !== 'expect') return false
      sorted.expect = joined(sorted.expect, value)
      return true
    case 7: {
      const lower = name.toLowerCase()
      if (lower === 'upgrade') sorted.upgrade = value
      return lower === 'upgrade' || lower === 'trailer'
    }
    case 9:
      if (name.toLowerCase() !== 'forwarded') return false
      sorted.forwarded = joined(sorted.forwarded, value)
      return true
    case 10: {
      const lower = name.toLowerCase()
      if (lower === 'connection') sorted.connection = joined(sorted.connection, value.toLowerCase())
      return lower === 'connection' || lower === 'keep-alive'
    }
    case 12: {
      const lower = name.toLowerCase()
      if (lower === 'content-type') takeType(sorted, value)
      if (lower === 'max-forwards') sorted.maxForwards = value
      else if (lower === 'x-request-id') sorted.requestId = value
      else return lower === 'x_request_id'
      return true
    }
    case 14: {
      const lower = name.toLowerCase()
      if (lower === 'content_length') throw disguised()
      if (lower === 'content-length') takeLength(sorted, value)
      return lower === 'content-length'
    }
    case 15:
      if (name.toLowerCase() !== 'x-forwarded-for') return false
      sorted.forwardedFor = joined(sorted.forwardedFor, value)
      return true
    case 16: {
      const lower = name.toLowerCase()
      if (lower === 'x-forwarded-host') sorted.forwardedHost = value
      return lower === 'x-forwarded-host' || lower === 'proxy-connection'
    }
    case 17: {
      const lower = name.toLowerCase()
      if (lower === 'transfer_encoding') throw disguised()
      if (lower === 'transfer-encoding') takeCoding(sorted, value)
      else if (lower === 'x-forwarded-proto') sorted.forwardedProto = value
      else return false
      return true
    }
    case 18:
      return name.toLowerCase() === 'proxy-authenticate'
    case 19:
      return name.toLowerCase() === 'proxy-authorization'
    default:
      return false
  }
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`
}

/** `X-Forwarded-Prefix`, `-Port`, `-User` and their like. Nearly every name is settled by its first character. */
function isClaim(name: string): boolean {
  return (name.charCodeAt(0) | 0x20) === 0x78 && name.length > 12 && /^x[-_]forwarded[-_]/i.test(name)
}

/** One with an underscore is for those who read it as a dash (CGI), past what the service itself says: it is dropped. */
function claim(sorted: RequestFields, name: string, value: string): void {
  if (name.includes('_')) return
  sorted.claims ??= []
  sorted.claims.push(name, value)
}

/** Servers that hand fields on as variables (CGI) take `_` for `-`: framing must not come in by that door. */
function disguised(): Rejection {
  return reject('bad-request', { detail: 'A framing field is written with an underscore.' })
}

/** Two readers of two types would see two messages: one that was checked and one that was not. */
function takeType(sorted: RequestFields, value: string): void {
  if (sorted.contentType !== undefined) throw reject('bad-request', { detail: 'There is more than one Content-Type.' })
  sorted.contentType = value
}

/** RFC 9110 §8.6: digits only, and without leading zeros, which some read as octal; more than one is refused even where they agree. */
function takeLength(sorted: RequestFields, value: string): void {
  if (sorted.contentLength !== undefined || !/^(?:0|[1-9]\d{0,14})$/.test(value)) {
    throw reject('bad-request', { detail: 'Content-Length is not one number.' })
  }
  sorted.contentLength = Number(value)
}

/** RFC 9112 §6.1: `chunked`, once and alone, is the only coding this server reads. */
function takeCoding(sorted: RequestFields, value: string): void {
  if (sorted.isChunked) throw reject('bad-request', { detail: 'There is more than one Transfer-Encoding.' })
  if (value.toLowerCase() !== 'chunked') {
    throw reject('not-implemented', { detail: 'The only transfer coding understood is chunked.' })
  }
  sorted.isChunked = true
}

/** RFC 9110 §7.6.1: fields that Connection lists are for this hop only. */
function dropListed(sorted: RequestFields, connection: string): void {
  if (connection === 'keep-alive' || connection === 'close') return
  const listed = new Set(connection.split(',').map((token) => token.trim()))
  const isKept = (_: string, i: number, all: Fields): boolean => !listed.has(all[i - (i % 2)]!.toLowerCase())
  sorted.fields = sorted.fields.filter(isKept)
  sorted.claims = sorted.claims?.filter(isKept)
}
