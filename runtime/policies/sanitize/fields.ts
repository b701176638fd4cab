import { ofTheBytes } from '../../core/changed-content.ts'
import { combinedField, type Fields, isField, withField, withoutFields } from '../../core/headers.ts'

/** What the upstream is asked for: a part of a document, or a coded one, cannot be looked into. */
export function upstreamFields(fields: Fields, isPartial: boolean): Fields {
  const kept = withoutFields(fields, isPartial ? notForUpstream : codings)
  kept.push('Accept-Encoding', 'identity')
  return kept
}

const codings: ReadonlySet<string> = new Set(['accept-encoding'])
const notForUpstream: ReadonlySet<string> = new Set(['accept-encoding', 'range', 'if-range'])

const ofTheBody: ReadonlySet<string> = new Set([
  ...ofTheBytes,
  'content-type',
  'content-language',
  'content-location',
  'content-disposition',
  'etag',
  'last-modified',
  'trailer',
])

/** The fields of an answer whose body is gone or replaced. */
export function bodilessFields(fields: Fields): Fields {
  return withoutFields(fields, ofTheBody)
}

/** Fields an answer means something by, whoever made it (RFC 9110, RFC 9111, RFC 8288, RateLimit fields). */
const always: ReadonlySet<string> = new Set([
  ...ofTheBytes,
  ...['content-type', 'content-language', 'content-location', 'content-disposition', 'content-range', 'etag'],
  ...['last-modified', 'date', 'age', 'expires', 'cache-control', 'vary', 'location', 'retry-after', 'allow', 'link'],
  ...['www-authenticate', 'authentication-info', 'accept-patch', 'accept-post', 'accept-ranges', 'preference-applied'],
  ...['deprecation', 'sunset', 'via', 'trailer', 'ratelimit', 'ratelimit-policy'],
  // Of a handshake (RFC 6455 §4.2.2).
  ...['connection', 'upgrade', 'sec-websocket-accept', 'sec-websocket-protocol', 'sec-websocket-extensions'],
])

/** @param allowed lower case */
export function allowedFields(fields: Fields, allowed: ReadonlySet<string>): Fields {
  const kept: Fields = []
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase()
    if (always.has(name) || allowed.has(name)) kept.push(fields[i]!, fields[i + 1]!)
  }
  return kept
}

/** Without those called so; the same list where there are none. */
export function removedFields(fields: Fields, unwanted: readonly string[]): Fields {
  for (let i = 0; i < fields.length; i += 2) {
    for (const name of unwanted) if (isField(fields[i]!, name)) return withoutFields(fields, new Set(unwanted))
  }
  return fields
}

/** Says that answers differ by these fields of the request. */
export function withVary(fields: Fields, names: readonly string[]): Fields {
  const vary = combinedField(fields, 'vary') ?? ''
  const listed = vary.split(',').map((name) => name.trim().toLowerCase())
  const missing = names.filter((name) => !listed.includes(name.toLowerCase()))
  if (missing.length === 0 || listed.includes('*')) return fields
  return withField(fields, 'Vary', [...(vary === '' ? [] : [vary]), ...missing].join(', '))
}
