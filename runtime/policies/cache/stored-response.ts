import { type Fields, fieldValue } from '../../core/headers.ts'
import { type Control, readControl } from './control.ts'
import { deltaOf, isUnqualified } from './directives.ts'
import { dateOf, initialAge, type Lifetime, lastModifiedOf, lifetimeOf, type Times } from './freshness.ts'
import { storedFields, updatedFields } from './stored-fields.ts'

/** A response as it is kept: what to send, and every number that deciding about it takes. Never changed, only replaced. */
export interface StoredResponse {
  readonly status: number
  readonly fields: Fields
  readonly body: Buffer
  /** When it arrived, in ms. */
  readonly arrived: number
  /** `Date`, in ms: the most recent of several matching responses is used (RFC 9111 §4.1). */
  readonly date: number
  /** Seconds of age it had when it arrived. */
  readonly initialAge: number
  readonly lifetime: Lifetime
  /** Seconds past its lifetime, as the response itself allows (RFC 5861); undefined where it says nothing. */
  readonly staleWhileRevalidate: number | undefined
  readonly staleIfError: number | undefined
  /** RFC 9111 §4.2.4: never to be used stale: must-revalidate, proxy-revalidate, s-maxage, no-cache. */
  readonly isNeverStale: boolean
  /** §5.2.2.4: never to be used unvalidated. */
  readonly isNoCache: boolean
  /** RFC 8246. */
  readonly isImmutable: boolean
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  /** In ms; undefined where `Last-Modified` is absent or no date. */
  readonly lastModifiedTime: number | undefined
}

export interface Arrival {
  readonly status: number
  /** End-to-end fields as they came. */
  readonly fields: Fields
  readonly times: Times
  readonly control: Control
  readonly lifetime: Lifetime
}

/** What a response says about its caching, read once for judging and for keeping it. */
export function readArrival(status: number, fields: Fields, times: Times, ttl: number | undefined): Arrival {
  const control = readControl(fields)
  return { status, fields, times, control, lifetime: lifetimeOf(status, fields, control, times, ttl) }
}

export function storedResponse(arrival: Arrival, body: Buffer): StoredResponse {
  const { status, times, control, lifetime } = arrival
  const { directives } = control
  const fields = storedFields(arrival.fields, control)
  // RFC 9110 §6.6.1: a recipient "MUST record the time it was received and append a corresponding Date header field".
  if (fieldValue(fields, 'date') === undefined) fields.push('Date', new Date(times.response).toUTCString())
  const isNoCache = isUnqualified(directives, 'no-cache')
  return {
    status,
    fields,
    body,
    arrived: times.response,
    date: dateOf(arrival.fields, times),
    initialAge: initialAge(arrival.fields, times),
    lifetime,
    staleWhileRevalidate: deltaOf(directives, 'stale-while-revalidate'),
    staleIfError: deltaOf(directives, 'stale-if-error'),
    isNeverStale:
      isNoCache ||
      directives.has('must-revalidate') ||
      directives.has('proxy-revalidate') ||
      directives.has('s-maxage'),
    isNoCache,
    isImmutable: directives.has('immutable'),
    etag: fieldValue(fields, 'etag'),
    lastModified: fieldValue(fields, 'last-modified'),
    lastModifiedTime: lastModifiedOf(fields, times.response),
  }
}

/**
 * A stored response with the fields of a 304 or of a 200 to HEAD (RFC 9111 §3.2, §4.3.4): its age starts anew.
 * @returns the arrival it amounts to as well, for judging whether it may still be kept
 */
export function freshened(
  stored: StoredResponse,
  update: Fields,
  times: Times,
  ttl: number | undefined,
): { readonly arrival: Arrival; readonly response: StoredResponse } {
  const fields = updatedFields(stored.fields, update)
  const age = fieldValue(update, 'age')
  if (age !== undefined) fields.push('Age', age)
  const arrival = readArrival(stored.status, fields, times, ttl)
  return { arrival, response: storedResponse(arrival, stored.body) }
}

/** The same response, stale from now on: it may be validated, and used as stale responses are. */
export function staled(stored: StoredResponse, now: number): StoredResponse {
  const seconds = Math.min(stored.lifetime.seconds, currentAge(stored, now))
  return { ...stored, isImmutable: false, lifetime: { ...stored.lifetime, seconds } }
}

/** RFC 9111 §4.2.3: `current_age`, in seconds. */
export function currentAge(stored: StoredResponse, now: number): number {
  return stored.initialAge + Math.max(0, now - stored.arrived) / 1000
}
