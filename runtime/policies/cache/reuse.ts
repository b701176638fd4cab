import { type Directives, deltaOf, isUnqualified } from './directives.ts'
import { currentAge, type StoredResponse } from './stored-response.ts'

/** What a stored response may be used for now. */
export type Use =
  /** As it is. */
  | 'fresh'
  /** As it is, since the request accepts stale responses. */
  | 'stale'
  /** As it is, while a new one is fetched behind the client's back. */
  | 'while-revalidating'
  /** Only once the origin has said that it still holds: it is stale, or never used unvalidated. */
  | 'validate-stale'
  /** The same, because the request asks for it. */
  | 'validate-request'

/** RFC 9111 §4: whether a stored response can be used without asking, given the request's directives (§5.2.1). */
export function judgeUse(
  stored: StoredResponse,
  request: Directives | undefined,
  now: number,
  staleWhileRevalidate: number,
): Use {
  const age = currentAge(stored, now)
  const left = stored.lifetime.seconds - age
  // §5.2.2.4: no-cache "MUST NOT be used to satisfy any other request without forwarding it for validation".
  if (stored.isNoCache) return 'validate-stale'
  if (request === undefined) return left > 0 ? 'fresh' : judgeStale(stored, left, staleWhileRevalidate)

  // §5.2.1.4: no-cache "prefers stored response not be used … without successful validation".
  if (isUnqualified(request, 'no-cache')) return 'validate-request'

  if (left > 0) {
    // §5.2.1.1: max-age: "prefers a response whose age is less than or equal". RFC 8246 §2: immutable responses are not
    // revalidated while they are fresh.
    const oldest = deltaOf(request, 'max-age')
    if (oldest !== undefined && (age > oldest || oldest === 0) && !stored.isImmutable) return 'validate-request'
    // §5.2.1.3: min-fresh: "prefers … a freshness lifetime that is no less than its current age plus the specified time".
    const leastLeft = deltaOf(request, 'min-fresh')
    if (leastLeft !== undefined && left < leastLeft) return 'validate-request'
    return 'fresh'
  }
  // §5.2.1.2: max-stale: "will accept a response that has exceeded its freshness lifetime", by so much at most.
  if (request.has('max-stale') && !stored.isNeverStale) {
    const accepted = request.get('max-stale') === null ? Infinity : deltaOf(request, 'max-stale')!
    if (-left <= accepted) return 'stale'
  }
  if (request.has('max-age') || request.has('min-fresh')) return 'validate-stale'
  return judgeStale(stored, left, staleWhileRevalidate)
}

/**
 * RFC 5861 §3, unless §4.2.4 forbids every stale use. What the document configures extends a lifetime; a response that
 * never had one is not given one by it.
 */
function judgeStale(stored: StoredResponse, left: number, configured: number): Use {
  const allowed = stored.staleWhileRevalidate ?? (stored.lifetime.seconds > 0 ? configured : 0)
  return !stored.isNeverStale && -left < allowed ? 'while-revalidating' : 'validate-stale'
}

/**
 * RFC 5861 §4 and RFC 9111 §4.2.4: whether a stale response may stand in for a failure.
 * @param configured seconds, where the response itself has no stale-if-error
 * @param disconnected seconds for an origin that cannot be reached at all: §4.2.4 permits stale responses of a cache that
 * "is disconnected"
 */
export function mayStandIn(stored: StoredResponse, now: number, configured: number, disconnected: number): boolean {
  if (stored.isNeverStale) return false
  const allowed = Math.max(stored.staleIfError ?? configured, disconnected)
  // Also a fresh response that the client wanted validated (§4.3.3) needs somebody's permission.
  return allowed > 0 && currentAge(stored, now) - stored.lifetime.seconds < allowed
}
