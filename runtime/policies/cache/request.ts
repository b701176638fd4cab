import type { Fields } from '../../core/headers.ts'
import { type Directives, noDirectives, readDirectives } from './directives.ts'
import { normalizedValue } from './vary.ts'

/** What a request's fields say to a cache, found in one pass. */
export interface Asked {
  /** Undefined without `Cache-Control`. */
  directives: Directives | undefined
  hasAuthorization: boolean
  hasCookies: boolean
  range: string | undefined
  ifRange: string | undefined
  ifNoneMatch: string | undefined
  ifModifiedSince: string | undefined
  /** The request is for the origin alone: `If-Match`, `If-Unmodified-Since`, or another method in disguise. */
  isForOrigin: boolean
  /** Fields that are part of the key, as text; '' where there is none. */
  keyed: string
}

/** Fields by which frameworks let a GET be another method: the cache cannot know what such a request does. */
const disguises: ReadonlySet<string> = new Set(['x-http-method', 'x-http-method-override', 'x-method-override'])

/**
 * Fields that name the resource beside the target URI and that the server does not set itself. Nobody declares them, but an
 * upstream may act on them; so that what they change is never served to others, they are part of the key.
 */
const redirections: ReadonlySet<string> = new Set([
  'front-end-https',
  'x-forwarded-path',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-forwarded-uri',
  'x-host',
  'x-original-host',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  'x-url-scheme',
])

/**
 * Fields that shape no answer, or are judged by rules of their own: not part of the key where all others are. (User-Agent and
 * Referer may shape answers; with them in the key nothing would ever be found again.)
 */
const inert: ReadonlySet<string> = new Set([
  ...['authorization', 'cookie', 'cache-control', 'pragma', 'range', 'if-range', 'if-none-match', 'if-modified-since'],
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via', 'max-forwards'],
  ...['x-request-id', 'x-correlation-id', 'traceparent', 'tracestate', 'baggage', 'b3'],
  ...['user-agent', 'referer', 'date', 'from', 'priority', 'dnt', 'upgrade-insecure-requests'],
  ...['sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site', 'sec-fetch-user', 'sec-ch-ua', 'sec-ch-ua-mobile'],
  ...['sec-ch-ua-platform', 'sec-gpc', 'content-type', 'content-length'],
])

/** Lower-case names of fields that are part of the key, or all that may shape an answer; undefined where there are none. */
export type KeyFields = ReadonlySet<string> | 'all' | undefined

export function readRequest(fields: Fields, keyFields: KeyFields): Asked {
  const asked: Asked = {
    directives: undefined,
    hasAuthorization: false,
    hasCookies: false,
    range: undefined,
    ifRange: undefined,
    ifNoneMatch: undefined,
    ifModifiedSince: undefined,
    isForOrigin: false,
    keyed: '',
  }
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!
    const isRead = note(asked, name, fields[i + 1]!)
    if (!isRead && keyFields === undefined) continue
    const lower = name.toLowerCase()
    if (disguises.has(lower)) asked.isForOrigin = true
    else if (redirections.has(lower) || isKeyed(lower, keyFields)) {
      asked.keyed += `\n${lower}:${normalizedValue(lower, fields[i + 1]!)}`
    }
  }
  return asked
}

function isKeyed(name: string, keyFields: KeyFields): boolean {
  if (keyFields === undefined) return false
  return keyFields === 'all' ? !inert.has(name) : keyFields.has(name)
}

/** Reads what has a meaning of its own; true where the name may be one of those above. The length settles most names. */
function note(asked: Asked, name: string, value: string): boolean {
  switch (name.length) {
    case 5:
      if (name.toLowerCase() === 'range') asked.range = value
      return false
    case 6:
      if (name.toLowerCase() !== 'cookie') return true
      asked.hasCookies = true
      return false
    case 8: {
      const lower = name.toLowerCase()
      if (lower === 'if-range') asked.ifRange = value
      else if (lower === 'if-match') asked.isForOrigin = true
      return false
    }
    case 13: {
      const lower = name.toLowerCase()
      if (lower === 'cache-control') asked.directives = merged(asked.directives, value)
      else if (lower === 'authorization') asked.hasAuthorization = true
      else if (lower === 'if-none-match') asked.ifNoneMatch = joined(asked.ifNoneMatch, value)
      else return true
      return false
    }
    case 17:
      if (name.toLowerCase() !== 'if-modified-since') return name !== 'X-Forwarded-Proto'
      asked.ifModifiedSince = value
      return false
    case 19:
      if (name.toLowerCase() === 'if-unmodified-since') asked.isForOrigin = true
      return false
    case 12:
    case 14:
    case 15:
    case 16:
    case 18:
    case 22:
      return name !== 'X-Forwarded-For' && name !== 'X-Forwarded-Host'
    default:
      return false
  }
}

function merged(before: Directives | undefined, value: string): Directives {
  const directives = readDirectives(value)
  return before === undefined ? directives : new Map([...before, ...directives])
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`
}

/** The request's directives, none where it has no `Cache-Control`. */
export function directivesOf(asked: Asked): Directives {
  return asked.directives ?? noDirectives
}
