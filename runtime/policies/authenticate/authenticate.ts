import type { Exchange } from '../../core/exchange.ts'
import type { Policy } from '../../core/policy.ts'
import { Rejection, reject } from '../../core/rejection.ts'
import { absent, type Verdict, type Verifier } from '../../core/verifier.ts'
import { type Decision, holds, judge, type Opinion, type Requirement } from './judge.ts'

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

/**
 * OpenAPI's `security` (3.1 §4.8.30): any of the requirements, all schemes within one.
 *
 * A requirement whose schemes are all there and of which at least one has been verified lets the request in. What vouches
 * for nobody (`{}`, a scheme that is only looked for) lets it in as well, but only where no credential of any scheme was
 * found wrong or too weak: a refused credential never turns into an anonymous call. Nobody in, 401 with every challenge;
 * verified but without the scopes or roles asked for, 403.
 *
 * A verifier that cannot tell (its issuer is out of reach) keeps nobody out whom another requirement admits. Where only its
 * word could have let the request in, its refusal is the answer (503): nobody can say that the credential is wrong.
 *
 * The credentials of all the schemes leave the request, whichever let it in.
 */
export function authenticate({ anyOf, optional = false }: AuthenticateOptions): Policy {
  const verifiers: Verifier[] = []
  const requirements = anyOf.map((uses) => uses.map((use) => checkOf(use, verifiers)))
  const forwarded = verifiers.flatMap((verifier) => verifier.forwarded ?? [])

  return (next) => (exchange) => {
    const opinions: Opinion[] = []
    const settled = (decision: Decision) => {
      if (decision.outcome === 'undecided') {
        exchange.record('authenticate', 'undecided')
        throw decision.reason
      }
      if (decision.outcome !== 'admitted') {
        const isForbidden = decision.outcome === 'forbidden'
        throw refusal(exchange, verifiers, requirements, opinions.map(verdictOf), isForbidden)
      }
      exchange.consumer = decision.consumer
      exchange.isAnonymous = optional && decision.consumer === undefined && isSilent(opinions, verifiers.length)
      exchange.verifiedBy = decision.by === undefined ? undefined : verifiers[decision.by]
      for (const verifier of verifiers) verifier.remove(exchange)
      if (forwarded.length > 0) exchange.forwarded = forwarded
      return next(exchange)
    }
    const decision = decide(exchange, opinions)
    return decision instanceof Promise ? decision.then(settled) : settled(decision)
  }

  /** Asks one verifier after the other, each once and only when its word is needed. */
  function decide(exchange: Exchange, opinions: Opinion[]): Decision | Promise<Decision> {
    for (;;) {
      const step = judge(requirements, opinions, verifiers.length, optional)
      if (typeof step !== 'number') return step
      const opinion = opinionOf(verifiers[step]!, exchange)
      if (opinion instanceof Promise) {
        return opinion.then((late) => {
          opinions[step] = late
          return decide(exchange, opinions)
        })
      }
      opinions[step] = opinion
    }
  }
}

/** What a verifier says, or that it cannot tell; anything but a rejection is a fault of the service. */
function opinionOf(verifier: Verifier, exchange: Exchange): Opinion | Promise<Opinion> {
  try {
    const verdict = verifier.verify(exchange)
    return verdict instanceof Promise ? verdict.catch(undecided) : verdict
  } catch (error) {
    return undecided(error)
  }
}

/** Whether every scheme has been looked for, and none found. */
function isSilent(opinions: readonly Opinion[], count: number): boolean {
  return opinions.length === count && opinions.every((opinion) => opinion?.outcome === 'absent')
}

function undecided(error: unknown): Opinion {
  if (error instanceof Rejection) return { outcome: 'undecided', reason: error }
  throw error
}

function verdictOf(opinion: Opinion | undefined): Verdict {
  return opinion === undefined || opinion.outcome === 'undecided' ? absent : opinion
}

function checkOf(use: Verifier | SchemeUse, verifiers: Verifier[]): Requirement[number] {
  const { verifier, scopes = [], roles = [] } = 'verifier' in use ? use : ({ verifier: use } as SchemeUse)
  const known = verifiers.indexOf(verifier)
  return { index: known < 0 ? verifiers.push(verifier) - 1 : known, scopes, roles }
}

function refusal(
  exchange: Exchange,
  verifiers: readonly Verifier[],
  requirements: readonly Requirement[],
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
    const wanted = wantedOf(requirements, index, given)
    // A 403 is about what was granted too little; a 401 names all that is needed, and has nothing to say of what is good.
    if (isForbidden && !wanted.isShort) return []
    const verdict = given.outcome === 'verified' && !isForbidden ? absent : given
    const challenge = verifier.challenge({ verdict, scopes: wanted.scopes, roles: wanted.roles })
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

/** What the first requirement that asks too much of the scheme's caller asks, else the first that names the scheme. */
function wantedOf(requirements: readonly Requirement[], index: number, given: Verdict) {
  const uses = requirements.flat().filter((one) => one.index === index)
  const short =
    given.outcome === 'verified' ? uses.find(({ scopes, roles }) => !holds(given.consumer, scopes, roles)) : undefined
  const { scopes = [], roles = [] } = short ?? uses[0] ?? {}
  return { scopes, roles, isShort: short !== undefined }
}
