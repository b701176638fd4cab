import type { ProblemKind } from '../../core/problem.ts'
import { Rejection } from '../../core/rejection.ts'
import type { Entry } from './bucket.ts'
import { mayStandIn } from './reuse.ts'

/** RFC 9111 §4.2.4: how long a stale response stands in where the upstream cannot be reached at all, in seconds. */
const disconnectedFor = 60

const disconnected: ReadonlySet<ProblemKind> = new Set([
  'upstream-unreachable',
  'service-unavailable',
  'gateway-timeout',
])

/** RFC 5861 §4: the errors that stale-if-error is for. */
const serverErrors: ReadonlySet<number> = new Set([500, 502, 503, 504])

/** The proxy's own refusal because of the upstream, e.g. unreachable, too slow, against its contract. */
export function isFailure(error: unknown): error is Rejection {
  return error instanceof Rejection && error.status >= 500
}

/**
 * Whether a stale response may be sent instead of a failure.
 * @param failure what was thrown, or the status of the upstream's answer
 * @param staleIfError seconds, where the response has no word on it
 */
export function standsIn(entry: Entry, failure: unknown, now: number, staleIfError: number): boolean {
  if (typeof failure === 'number') return serverErrors.has(failure) && mayStandIn(entry.response, now, staleIfError, 0)
  if (!isFailure(failure)) return false
  const grace = disconnected.has(failure.kind) ? disconnectedFor : 0
  return mayStandIn(entry.response, now, staleIfError, grace)
}
