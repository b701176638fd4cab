import { combinedField, type Fields, fieldValue, fieldValues } from '../../core/headers.ts'
import type { Control } from './control.ts'
import { deltaOf, greatestDelta } from './directives.ts'
import { readHttpDate } from './http-date.ts'

/** When the request was made and when its response arrived (RFC 9111 §4.2.3), in ms. */
export interface Times {
  readonly request: number
  readonly response: number
}

/** How long a response is fresh, in seconds, and who says so. */
export interface Lifetime {
  readonly seconds: number
  readonly said: 'explicit' | 'heuristic' | 'ttl' | 'nobody'
}

/** RFC 9110 §15.1: status codes that are defined as heuristically cacheable. */
const heuristicallyCacheable: ReadonlySet<number> = new Set([
  200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501,
])

/** What a TTL of the document's own applies to: errors are only kept where the upstream says so. */
const ttlStatuses: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308])

/** §4.2.2: "a typical setting of this fraction might be 10%". The day is ours: nobody should serve a guess for longer. */
const heuristicShare = 0.1
const heuristicLimit = 86_400

export function isHeuristicallyCacheable(status: number): boolean {
  return heuristicallyCacheable.has(status)
}

/**
 * RFC 9111 §4.2.1, for a shared cache: s-maxage, else max-age, else Expires minus Date, else a heuristic, of which a TTL
 * from the document takes the place.
 * @param ttl seconds for responses that say nothing themselves; undefined: the heuristic of §4.2.2
 */
export function lifetimeOf(
  status: number,
  fields: Fields,
  control: Control,
  times: Times,
  ttl: number | undefined,
): Lifetime {
  const { directives, isTargeted } = control
  const shared = deltaOf(directives, 's-maxage')
  if (shared !== undefined) return { seconds: shared, said: 'explicit' }
  const age = deltaOf(directives, 'max-age')
  if (age !== undefined) return { seconds: age, said: 'explicit' }
  const date = dateOf(fields, times)
  if (!isTargeted) {
    const expires = fieldValues(fields, 'expires')
    // §5.3: "A cache recipient MUST interpret invalid date formats, especially the value "0", as … already expired".
    // §4.2.1: with more than one value "either the first occurrence should be used or the response … considered stale".
    if (expires.length > 1 && new Set(expires).size > 1) return { seconds: 0, said: 'explicit' }
    if (expires.length > 0) {
      const end = readHttpDate(expires[0]!, times.response)
      return { seconds: end === undefined ? 0 : Math.max(0, (end - date) / 1000), said: 'explicit' }
    }
  }
  if (ttl !== undefined && ttlStatuses.has(status)) return { seconds: ttl, said: 'ttl' }
  if (ttl === undefined && (heuristicallyCacheable.has(status) || directives.has('public'))) {
    const modified = lastModifiedOf(fields, times.response)
    if (modified !== undefined && modified < date) {
      const seconds = Math.min(((date - modified) / 1000) * heuristicShare, heuristicLimit)
      return { seconds: Math.floor(seconds), said: 'heuristic' }
    }
  }
  return { seconds: 0, said: 'nobody' }
}

/** RFC 9111 §4.2.3: `corrected_initial_age`, in seconds. */
export function initialAge(fields: Fields, times: Times): number {
  const apparent = Math.max(0, (times.response - dateOf(fields, times)) / 1000)
  const delay = (times.response - times.request) / 1000
  return Math.max(apparent, ageValue(fields) + delay)
}

/**
 * RFC 9111 §5.1: of several values "a cache SHOULD use the first value … and discard subsequent ones"; "if the field value
 * … is invalid …, a cache SHOULD ignore the field".
 */
function ageValue(fields: Fields): number {
  const first = (combinedField(fields, 'age') ?? '').split(',', 1)[0]!.trim()
  return /^\d+$/.test(first) ? Math.min(Number(first), greatestDelta) : 0
}

/** `Date`, or the time of arrival where it is absent or invalid (RFC 9110 §6.6.1). */
export function dateOf(fields: Fields, times: Times): number {
  const text = fieldValue(fields, 'date')
  return (text === undefined ? undefined : readHttpDate(text, times.response)) ?? times.response
}

export function lastModifiedOf(fields: Fields, now: number): number | undefined {
  const text = fieldValue(fields, 'last-modified')
  return text === undefined ? undefined : readHttpDate(text, now)
}
