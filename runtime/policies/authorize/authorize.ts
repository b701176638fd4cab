import type { Consumer } from '../../core/consumer.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Policy } from '../../core/policy.ts'
import { type Rejection, reject } from '../../core/rejection.ts'
import { absent, type Verifier } from '../../core/verifier.ts'
import { claimAt } from '../../identity/claim.ts'

export interface AuthorizeOptions {
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  /** Claim by its path → the values that count, any of them. */
  readonly claims: Readonly<Record<string, readonly ClaimValue[]>>
  /** Whether all of the roles, scopes and claims are needed, or one is enough. */
  readonly match: 'all' | 'any'
  /** Path variables whose value must be one of the claim's; all of them, whatever `match` says. */
  readonly owner: readonly Ownership[]
  /** Of the operation: they say how to call with more. */
  readonly verifiers: readonly Verifier[]
}

export type ClaimValue = string | number | boolean

export interface Ownership {
  /** Into the values of the path template. */
  readonly index: number
  readonly claim: string
  /** What stands before the value by the parameter's style: `;accountId=` (matrix), `.` (label). */
  readonly prefix?: string
}

type Shortage = 'role' | 'scope' | 'claim' | 'owner' | 'any'

/** Lets a verified caller do what its roles, scopes and claims allow, and to what it owns; 403 otherwise, 401 for nobody. */
export function authorize(options: AuthorizeOptions): Policy {
  const claims = Object.entries(options.claims)

  return (next) => (exchange) => {
    const { consumer } = exchange
    if (consumer === undefined) throw anonymous(exchange, options)
    const shortage = shortageOf(consumer) ?? (owns(exchange, consumer, options.owner) ? undefined : 'owner')
    if (shortage !== undefined) throw refusal(exchange, consumer, options, shortage)
    return next(exchange)
  }

  function shortageOf(consumer: Consumer): Shortage | undefined {
    const { roles, scopes, match } = options
    const isGiven = ([path, values]: readonly [string, readonly ClaimValue[]]): boolean =>
      valuesOf(claimAt(consumer.claims, path)).some((value) => values.includes(value as ClaimValue))
    if (match === 'all') {
      if (!roles.every((role) => consumer.roles.includes(role))) return 'role'
      if (!scopes.every((scope) => consumer.scopes.includes(scope))) return 'scope'
      return claims.every(isGiven) ? undefined : 'claim'
    }
    const isMet =
      roles.some((role) => consumer.roles.includes(role)) ||
      scopes.some((scope) => consumer.scopes.includes(scope)) ||
      claims.some(isGiven)
    return isMet || roles.length + scopes.length + claims.length === 0 ? undefined : 'any'
  }
}

/** A claim that is a list stands for each of its items. */
function valuesOf(claim: unknown): readonly unknown[] {
  return Array.isArray(claim) ? claim : [claim]
}

function owns(exchange: Exchange, { claims }: Consumer, owner: readonly Ownership[]): boolean {
  return owner.every(({ index, claim, prefix = '' }) => {
    const raw = exchange.pathValues[index]
    const wanted = raw?.startsWith(prefix) === true ? decoded(raw.slice(prefix.length)) : undefined
    return (
      wanted !== undefined &&
      valuesOf(claimAt(claims, claim)).some((value) =>
        // Numbers beyond 2^53 have lost digits: what they name is not known for certain.
        typeof value === 'string' ? value === wanted : Number.isSafeInteger(value) && String(value) === wanted,
      )
    )
  })
}

function decoded(raw: string): string | undefined {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

/** Nobody in particular: calling as somebody might help. */
function anonymous(exchange: Exchange, { verifiers, scopes, roles }: AuthorizeOptions): Rejection {
  exchange.record('authorize', 'anonymous')
  const headers = verifiers.flatMap((verifier) => {
    const challenge = verifier.challenge({ verdict: absent, scopes, roles })
    return challenge === undefined ? [] : ['WWW-Authenticate', challenge]
  })
  return reject('unauthorized', { detail: 'A credential is required.', headers })
}

function refusal(
  exchange: Exchange,
  consumer: Consumer,
  { scopes, roles }: AuthorizeOptions,
  lacks: Shortage,
): Rejection {
  exchange.record('authorize', 'refused', { lacks, consumer: consumer.id })
  // RFC 6750 §3.1: insufficient_scope says which scopes would do; no scope makes anybody an owner.
  const isScope = lacks === 'scope' || (lacks === 'any' && scopes.length > 0)
  const challenge = isScope
    ? exchange.verifiedBy?.challenge({ verdict: { outcome: 'verified', consumer }, scopes, roles })
    : undefined
  return reject('forbidden', {
    detail: 'The caller is known but may not do this.',
    ...(challenge === undefined ? {} : { headers: ['WWW-Authenticate', challenge] }),
  })
}
