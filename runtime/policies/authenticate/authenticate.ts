import type { Consumer } from '../../core/consumer.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Policy } from '../../core/policy.ts'
import { type Rejection, reject } from '../../core/rejection.ts'
import { absent, type Verdict, type Verifier } from '../../core/verifier.ts'

/** A scheme of a requirement, with what it asks of who has been verified by it. */
export interface SchemeUse {
  readonly verifier: Verifier
  /** All of them must have been granted to the caller (OAuth 2, OpenID Connect). */
  readonly scopes?: readonly string[]
  /** All of them must be roles of the caller (OpenAPI 3.1 for every other type of scheme). */
  readonly roles?: readonly string[]
}

export interface AuthenticateOptions {
  /** Any of these; within one, all. OpenAPI's `security`, without its `{}`. */
  readonly anyOf: readonly (readonly (Verifier | SchemeUse)[])[]
  /** `{}` is among the requirements: who presents nothing may come in as nobody. */
  readonly optional?: boolean
}

/** How a request may go on, or why not. */
type Decision =
  | { readonly admitted: true; readonly consumer: Consumer | undefined; readonly by: Verifier | undefined }
  | { readonly admitted: false; readonly forbidden: boolean }

interface Check {
  /** Into the list of verifiers. */
  readonly index: number
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
}

const nobody: Decision = { admitted: true, consumer: undefined, by: undefined }
const unauthorized: Decision = { admitted: false, forbidden: false }
const forbidden: Decision = { admitted: false, forbidden: true }

/**
 * OpenAPI's `security` (3.1 §4.8.30): any of the requirements, all schemes within one.
 *
 * A requirement whose schemes are all there and of which at least one has been verified lets the request in. What vouches
 * for nobody (`{}`, a scheme that is only looked for) lets it in as well, but only where no credential of any scheme was
 * found wrong or too weak: a refused credential never turns into an anonymous call. Nobody in, 401 with every challenge;
 * verified but without the scopes or roles asked for, 403.
 *
 * The credentials of all the schemes leave the request, whichever let it in.
 */
export function authenticate({ anyOf, optional = false }: AuthenticateOptions): Policy {
  const verifiers: Verifier[] = []
  const requirements = anyOf.map((uses) => uses.map((use) => checkOf(use, verifiers)))

  return (next) => (exchange) => {
    const verdicts: Verdict[] = []
    const settled = (decision: Decision) => {
      if (!decision.admitted) throw refusal(exchange, verifiers, requirements, verdicts, decision.forbidden)
      exchange.consumer = decision.consumer
      exchange.verifiedBy = decision.by
      for (const verifier of verifiers) verifier.remove(exchange)
      return next(exchange)
    }
    const decision = decide(exchange, verdicts)
    return decision instanceof Promise ? decision.then(settled) : settled(decision)
  }

  /** Asks one verifier after the other, each once and only when its word is needed. */
  function decide(exchange: Exchange, verdicts: Verdict[]): Decision | Promise<Decision> {
    for (;;) {
      const step = judge(requirements, verdicts, verifiers, optional)
      if (typeof step !== 'number') return step
      const verdict = verifiers[step]!.verify(exchange)
      if (verdict instanceof Promise) {
        return verdict.then((late) => {
          verdicts[step] = late
          return decide(exchange, verdicts)
        })
      }
      verdicts[step] = verdict
    }
  }
}

function checkOf(use: Verifier | SchemeUse, verifiers: Verifier[]): Check {
  const { verifier, scopes = [], roles = [] } = 'verifier' in use ? use : ({ verifier: use } as SchemeUse)
  const known = verifiers.indexOf(verifier)
  return { index: known < 0 ? verifiers.push(verifier) - 1 : known, scopes, roles }
}

/** The decision, or the index of the verifier that must speak first. */
function judge(
  requirements: readonly (readonly Check[])[],
  verdicts: readonly Verdict[],
  verifiers: readonly Verifier[],
  optional: boolean,
): Decision | number {
  let isWeak = false
  let unvouched = optional
  for (const checks of requirements) {
    let consumer: Consumer | undefined
    let by: Verifier | undefined
    let met = true
    for (const { index, scopes, roles } of checks) {
      const verdict = verdicts[index]
      if (verdict === undefined) return index
      if (verdict.outcome === 'present') continue
      if (verdict.outcome !== 'verified') {
        met = false
        break
      }
      if (!holds(verdict.consumer, scopes, roles)) {
        isWeak = true
        met = false
        break
      }
      if (consumer === undefined) {
        consumer = verdict.consumer
        by = verifiers[index]
      }
    }
    if (!met) continue
    if (consumer !== undefined) return { admitted: true, consumer, by }
    unvouched = true
  }
  if (isWeak) return forbidden
  if (!unvouched) return unauthorized
  for (let index = 0; index < verifiers.length; index++) {
    const verdict = verdicts[index]
    if (verdict === undefined) return index
    if (verdict.outcome === 'invalid') return unauthorized
  }
  return nobody
}

function holds(consumer: Consumer, scopes: readonly string[], roles: readonly string[]): boolean {
  return (
    scopes.every((scope) => consumer.scopes.includes(scope)) && roles.every((role) => consumer.roles.includes(role))
  )
}

function refusal(
  exchange: Exchange,
  verifiers: readonly Verifier[],
  requirements: readonly (readonly Check[])[],
  verdicts: readonly Verdict[],
  isForbidden: boolean,
): Rejection {
  const wrong = verdicts.findIndex((verdict) => verdict?.outcome === 'invalid')
  const verdict = verdicts[wrong]
  const reason = isForbidden ? 'forbidden' : verdict?.outcome === 'invalid' ? verdict.reason : 'absent'
  const event = isForbidden ? 'forbidden' : wrong < 0 ? 'absent' : 'invalid'
  const who = verdicts.find((one) => one?.outcome === 'verified')
  exchange.record('authenticate', event, {
    reason,
    ...(wrong < 0 ? {} : { scheme: verifiers[wrong]!.scheme }),
    ...(who?.outcome === 'verified' ? { consumer: who.consumer.id } : {}),
  })
  const headers = verifiers.flatMap((verifier, index) => {
    const given = verdicts[index] ?? absent
    const isVerified = given.outcome === 'verified'
    if (isForbidden && !isVerified) return []
    // A 401 names all that is needed; of what is good it has nothing to say.
    const challenge = verifier.challenge({
      verdict: isVerified && !isForbidden ? absent : given,
      ...wantedOf(requirements, index),
    })
    return challenge === undefined ? [] : ['WWW-Authenticate', challenge]
  })
  if (isForbidden) {
    return reject('forbidden', { detail: 'The caller is known but may not do this.', headers })
  }
  const malformed = verdicts.some((one) => one?.outcome === 'invalid' && one.malformed === true)
  if (malformed) {
    const isTwice = verdict?.outcome === 'invalid' && verdict.reason === 'ambiguous'
    const detail = isTwice ? 'A credential was given more than once.' : 'A credential cannot be read.'
    return reject('bad-request', { detail, headers })
  }
  const detail = wrong < 0 ? 'A credential is required.' : 'The credential is not valid.'
  return reject('unauthorized', { detail, headers })
}

/** What the first requirement that names the scheme asks of it. */
function wantedOf(requirements: readonly (readonly Check[])[], index: number): Omit<Check, 'index'> {
  const { scopes = [], roles = [] } = requirements.flat().find((one) => one.index === index) ?? {}
  return { scopes, roles }
}
