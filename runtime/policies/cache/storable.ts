import { type Fields, fieldValue } from '../../core/headers.ts'
import type { Control } from './control.ts'
import { type Directives, isUnqualified } from './directives.ts'
import { isHeuristicallyCacheable, type Lifetime } from './freshness.ts'
import { varyNames } from './vary.ts'

/** What storing depends on beside the response. */
export interface StoreQuestion {
  readonly status: number
  readonly fields: Fields
  readonly control: Control
  readonly lifetime: Lifetime
  readonly requestDirectives: Directives
  /**
   * Whether the client showed who it is. The proxy takes verified credentials off before the cache sees the request, so
   * this is the operation's `security` or a verified consumer as much as a field.
   */
  readonly isAuthenticated: boolean
  /** Fields that bring credentials, lower case, beside those whose names tell. */
  readonly credentials?: readonly string[]
  /** Whether the request carried cookies, which may name a session that nobody verified. */
  readonly hasCookies: boolean
}

/** Whose the stored response may be, or the word for why it is not stored. */
export type Storability =
  | { readonly storable: true; readonly audience: 'everybody' | 'consumer' }
  | { readonly storable: false; readonly why: Refusal }

/** What `Cache-Status` says as `detail`. */
export type Refusal =
  | 'status'
  | 'request-no-store'
  | 'no-store'
  | 'must-understand'
  | 'private'
  | 'vary'
  | 'authenticated'
  | 'cookies'
  | 'set-cookie'
  | 'no-freshness'

/** RFC 9110 §15: what this cache knows the meaning of, for `must-understand`. */
const understood: ReadonlySet<number> = new Set([
  200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
  410, 411, 412, 413, 414, 415, 417, 421, 422, 426, 500, 501, 502, 503, 504, 505,
])

/** RFC 9111 §3, sentence by sentence, for the response to a GET. */
export function judgeStorage(question: StoreQuestion): Storability {
  const { status, fields, control, lifetime } = question
  const { directives } = control

  // "the response status code is final"; 206 and 304 are parts of another response, 416 belongs to one range.
  if (status < 200 || status === 206 || status === 304 || status === 416) return refuse('status')

  // §5.2.1.5: "a cache MUST NOT store any part of either this request or any response to it".
  if (question.requestDirectives.has('no-store')) return refuse('request-no-store')

  // "if the response status code is 206 or 304, or the must-understand cache directive is present: the cache understands
  // the response status code"
  const mustUnderstand = directives.has('must-understand')
  if (mustUnderstand && !understood.has(status)) return refuse('must-understand')

  // "the no-store cache directive is not present in the response"; §5.2.2.3: a cache that understands the status code
  // SHOULD ignore no-store beside must-understand.
  if (directives.has('no-store') && !mustUnderstand) return refuse('no-store')

  // "if the cache is shared: the private response directive is either not present or allows a shared cache to store a
  // modified response": a qualified form takes its fields out of what is stored.
  if (isUnqualified(directives, 'private')) return refuse('private')

  // §4.1: "A stored response with a Vary header field value containing a member "*" always fails to match."
  if (varyNames(fields) === undefined) return refuse('vary')

  // "the response contains at least one of": public, Expires, max-age, s-maxage, or a heuristically cacheable status.
  const isDeclared = lifetime.said === 'explicit' || directives.has('public')
  if (!isDeclared && !isHeuristicallyCacheable(status)) return refuse('no-freshness')

  // §7.3: "a cacheable response with a Set-Cookie header field can be (and often is) used to satisfy subsequent
  // requests". Where the origin said nothing about caching we do not guess that its cookie is meant for everybody.
  if (!isDeclared && fieldValue(fields, 'set-cookie') !== undefined) return refuse('set-cookie')

  return judgeAudience(question)
}

/**
 * "if the cache is shared: the Authorization header field is not present in the request or a response directive is present
 * that explicitly allows shared caching" (§3.5: must-revalidate, public, s-maxage). Without one, a response to a verified
 * consumer may be kept for that consumer alone.
 */
function judgeAudience(question: StoreQuestion): Storability {
  const { directives } = question.control
  const isShareable = directives.has('public') || directives.has('s-maxage') || directives.has('must-revalidate')
  if (isShareable && !(question.isAuthenticated && variesByCredential(question))) {
    return { storable: true, audience: 'everybody' }
  }
  if (question.hasCookies && !isShareable) return refuse('cookies')
  return { storable: true, audience: question.isAuthenticated ? 'consumer' : 'everybody' }
}

const credentialName = /auth|cookie|key|session|token/

/**
 * `public` with `Vary: Authorization`: the origin keeps callers apart by a field that the proxy has taken off, so that
 * all requests would seem to match.
 */
function variesByCredential({ fields, credentials = [] }: StoreQuestion): boolean {
  return varyNames(fields)?.some((name) => credentialName.test(name) || credentials.includes(name)) ?? true
}

function refuse(why: Refusal): Storability {
  return { storable: false, why }
}
