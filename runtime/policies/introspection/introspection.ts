import { hash } from 'node:crypto'
import type { Exchange } from '../../core/exchange.ts'
import { reject } from '../../core/rejection.ts'
import { absent, type Verdict, type Verifier } from '../../core/verifier.ts'
import { bearerChallenge, bearerToken, invalidToken, longestToken, removeBearer } from '../../identity/bearer-token.ts'
import { claimAt, claimText, claimWords } from '../../identity/claim.ts'
import { fetchJson } from '../../identity/fetch-json.ts'
import { bindingOf, meetsBinding, type TokenBinding } from '../../identity/token-binding.ts'
import { type CachedVerdict, VerdictCache } from '../../identity/verdict-cache.ts'
import { WorkQueue } from '../../identity/work-queue.ts'

export interface IntrospectionOptions {
  /** The scheme's name in the document. */
  readonly scheme: string
  readonly realm: string
  /** Of the authorization server (RFC 7662). */
  readonly endpoint: string
  readonly clientId: string
  readonly clientSecret: string
  /** Milliseconds that an answer is believed; never past the token's end. */
  readonly cacheMs: number
  /** One of them must be an audience of the token; without any, the server's word is enough. */
  readonly audience?: readonly string[]
  readonly rolesClaim: string
  /** Who the consumer is; without it `sub`, else `client_id`, else `username`. */
  readonly consumerClaim?: string
  /** Whether the upstream gets the token too. */
  readonly forward: boolean
}

/** A token that is bound to a certificate (RFC 8705 §3.2) says nothing of who presents it without. */
function presented({ verdict, evidence }: CachedVerdict<TokenBinding>, exchange: Exchange): Verdict {
  return verdict.outcome !== 'verified' || meetsBinding(evidence, exchange) ? verdict : bound
}

type Claims = Readonly<Record<string, unknown>>

/** How long a refusal is believed, at most: nobody gains by asking again and again. */
const refusedMs = 10_000
/** Questions at a time, and those waiting. */
const questions = { atOnce: 32, waiting: 256 }

const tooLong = invalidToken('too-long', 'The access token is too long')
const inactive = invalidToken('inactive', 'The access token is not valid')
const expired = invalidToken('expired', 'The access token expired')
const elsewhere = invalidToken('audience', 'The access token is not for this service')
const bound = invalidToken('bound', 'The access token is bound to a key')

/** Verifies bearer tokens by asking the authorization server (RFC 7662): only `active: true` counts. */
export function introspection(options: IntrospectionOptions): Verifier {
  const { scheme, realm, cacheMs, forward } = options
  const queue = new WorkQueue(questions.atOnce, questions.waiting)
  const verified = new VerdictCache<TokenBinding>()
  // Apart: invented tokens must not push out good ones.
  const refused = new VerdictCache<TokenBinding>(1_000)
  const underway = new Map<string, Promise<CachedVerdict<TokenBinding>>>()

  return {
    scheme,
    verify(exchange) {
      const token = bearerToken(exchange)
      if (token === undefined) return absent
      if (typeof token !== 'string') return token
      if (token.length > longestToken) return tooLong
      const digest = hash('sha256', token)
      const now = Date.now()
      const known = verified.get(digest, now) ?? refused.get(digest, now)
      if (known !== undefined) return presented(known, exchange)
      let question = underway.get(digest)
      if (question === undefined) {
        question = queue.run(() => ask(token, digest)).finally(() => underway.delete(digest))
        underway.set(digest, question)
      }
      return question.then((answer) => presented(answer, exchange))
    },
    challenge: (refusal) => bearerChallenge(realm, refusal),
    remove: forward ? () => {} : removeBearer,
  }

  async function ask(token: string, digest: string): Promise<CachedVerdict<TokenBinding>> {
    const claims = await introspect(token, options)
    const now = Date.now()
    const verdict = verdictOn(claims, options, now)
    const { exp } = claims
    const end = typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY
    const evidence = bindingOf(claims)
    const isGood = verdict.outcome === 'verified'
    const until = isGood ? Math.min(now + cacheMs, end) : now + Math.min(cacheMs, refusedMs)
    const entry = { verdict, until, evidence }
    if (isGood) verified.set(digest, entry)
    else refused.set(digest, entry)
    return entry
  }
}

async function introspect(token: string, { endpoint, clientId, clientSecret }: IntrospectionOptions): Promise<Claims> {
  try {
    const { value } = await fetchJson(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
    })
    if (typeof value === 'object' && value !== null && typeof (value as Claims)['active'] === 'boolean') {
      return value as Claims
    }
    throw new Error(`${endpoint}: its answer is no introspection response`)
  } catch (cause) {
    throw reject('service-unavailable', {
      detail: 'The token cannot be verified at the moment.',
      headers: ['Retry-After', '5'],
      cause,
    })
  }
}

/** RFC 6749 §2.3.1: a client's id and secret are form-encoded before they meet a colon. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

function verdictOn(claims: Claims, options: IntrospectionOptions, now: number): Verdict {
  const { active, exp, nbf, aud, scope } = claims
  if (active !== true) return inactive
  if (exp !== undefined && !(typeof exp === 'number' && now < exp * 1000)) return expired
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf * 1000)) return inactive
  if (options.audience !== undefined) {
    const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
    if (!options.audience.some((one) => audiences.includes(one))) return elsewhere
  }
  if (bindingOf(claims).to === 'unknown') return bound
  const names = options.consumerClaim === undefined ? ['sub', 'client_id', 'username'] : [options.consumerClaim]
  const id = names.map((name) => claimText(claimAt(claims, name))).find((text) => text !== undefined)
  if (id === undefined) return inactive
  const roles = claimWords(claimAt(claims, options.rolesClaim))
  return { outcome: 'verified', consumer: Object.freeze({ id, roles, scopes: claimWords(scope), claims }) }
}
