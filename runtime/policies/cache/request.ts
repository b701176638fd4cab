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
const disguises: ReadonlySet<string> = new Set([
  ...['x-http-method', 'x-http-method-override', 'x-method-override'],
  ...['x-forwarded-method', 'x-original-method'],
])

/**
 * Fields that name the resource beside the target URI and that the server does not set itself. Nobody declares them, but an
 * upstream may act on them; so that what they change is never served to others, they are part of the key.
 */
const redirections: ReadonlySet<string> = new Set([
  'base-url',
  'front-end-https',
  'script-name',
  'x-arr-ssl',
  'x-envoy-original-host',
  'x-envoy-original-path',
  'x-forwarded-path',
  'x-forwarded-port',
  'x-forwarded-protocol',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-forwarded-uri',
  'x-host',
  'x-http-host-override',
  'x-invoke-path',
  'x-original-host',
  'x-original-path',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  'x-script-name',
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

/** What a field means here, by its name. */
interface Sort {
  readonly lower: string
  readonly meaning: keyof typeof noting | undefined
  readonly isKeyed: boolean
  /** The last value that came, and what it was in the key: most clients say the same. */
  value: string
  keyed: string
}

/** Nothing is to be done about such a field. */
const nothing: Sort = { lower: '', meaning: undefined, isKeyed: false, value: '', keyed: '' }

const noting = {
  cookie: (asked: Asked) => {
    asked.hasCookies = true
  },
  authorization: (asked: Asked) => {
    asked.hasAuthorization = true
  },
  range: (asked: Asked, value: string) => {
    asked.range = value
  },
  'if-range': (asked: Asked, value: string) => {
    asked.ifRange = value
  },
  'if-modified-since': (asked: Asked, value: string) => {
    asked.ifModifiedSince = value
  },
  'if-none-match': (asked: Asked, value: string) => {
    asked.ifNoneMatch = joined(asked.ifNoneMatch, value)
  },
  'cache-control': (asked: Asked, value: string) => {
    asked.directives = merged(asked.directives, value)
  },
  'for-origin': (asked: Asked) => {
    asked.isForOrigin = true
  },
} as const

/** How many names are remembered, and how long they may be: clients can invent more. */
const mostNames = 500
const longestName = 64

/** Reads requests of one operation; what a field's name means is settled once. */
export class RequestReader {
  readonly #keyFields: KeyFields
  readonly #cookies: ReadonlySet<string> | undefined
  readonly #sorts = new Map<string, Sort>()

  /** @param cookies names of those that are part of the key */
  constructor(keyFields: KeyFields, cookies: readonly string[] = []) {
    this.#keyFields = keyFields
    this.#cookies = cookies.length === 0 ? undefined : new Set(cookies)
  }

  read(fields: Fields): Asked {
    const asked = nothingAsked()
    for (let i = 0; i < fields.length; i += 2) {
      const sort = this.#sorts.get(fields[i]!) ?? this.#learn(fields[i]!)
      if (sort === nothing) continue
      const value = fields[i + 1]!
      if (sort.meaning !== undefined) noting[sort.meaning](asked, value)
      if (sort.meaning === 'cookie' && this.#cookies !== undefined) asked.keyed += keyedCookies(value, this.#cookies)
      if (sort.isKeyed) asked.keyed += keyedValue(sort, value)
    }
    return asked
  }

  #learn(name: string): Sort {
    const lower = name.toLowerCase()
    const meaning = meaningOf(lower)
    // What is for the origin alone is not looked up: no key is made of it. Upstreams that take fields as variables (CGI,
    // WSGI) do not tell `_` from `-`: such a field may be any that `Vary` or the key names.
    const isKeyed =
      meaning !== 'for-origin' && (lower.includes('_') || redirections.has(lower) || isKeyField(lower, this.#keyFields))
    const sort = meaning === undefined && !isKeyed ? nothing : { lower, meaning, isKeyed, value: '', keyed: '' }
    if (this.#sorts.size < mostNames && name.length <= longestName) this.#sorts.set(name, sort)
    return sort
  }
}

/** What a request without any field says. */
export function nothingAsked(): Asked {
  return {
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
}

function meaningOf(name: string): keyof typeof noting | undefined {
  if (name === 'if-match' || name === 'if-unmodified-since' || disguises.has(name.replaceAll('_', '-')))
    return 'for-origin'
  return name !== 'for-origin' && Object.hasOwn(noting, name) ? (name as keyof typeof noting) : undefined
}

function keyedValue(sort: Sort, value: string): string {
  if (sort.keyed === '' || sort.value !== value) {
    sort.value = value
    sort.keyed = `\n${sort.lower}:${normalizedValue(sort.lower, value)}`
  }
  return sort.keyed
}

/** RFC 6265 §5.4: the pairs of these names, in the order they came. */
function keyedCookies(value: string, names: ReadonlySet<string>): string {
  let keyed = ''
  for (const text of value.split(';')) {
    const pair = text.trim()
    const equals = pair.indexOf('=')
    if (equals !== -1 && names.has(pair.slice(0, equals).trimEnd())) keyed += `\ncookie:${pair}`
  }
  return keyed
}

function isKeyField(name: string, keyFields: KeyFields): boolean {
  if (keyFields === undefined) return false
  return keyFields === 'all' ? !inert.has(name) : keyFields.has(name)
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
