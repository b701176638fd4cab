import { hash } from 'node:crypto'
import type { Consumer } from '../../core/consumer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { absent, type Verdict, type Verifier } from '../../core/verifier.ts'
import { bearerChallenge, bearerToken, invalidToken, longestToken, removeBearer } from '../../identity/bearer-token.ts'
import { claimAt, claimText, claimWords } from '../../identity/claim.ts'
import { type JsonMembers, jsonMembers, readCompact } from '../../identity/compact-token.ts'
import type { KeySource } from '../../identity/key-set.ts'
import type { PublicKey, SignatureAlgorithm } from '../../identity/public-key.ts'
import { bindingOf, meetsBinding, type TokenBinding } from '../../identity/token-binding.ts'
import { VerdictCache } from '../../identity/verdict-cache.ts'
import { type SignatureFault, verifySignature } from '../../identity/verify-signature.ts'
import { type ClaimFault, type ClaimRules, judgeClaims } from './judge-claims.ts'

export interface JwtOptions extends ClaimRules {
  /** The scheme's name in the document. */
  readonly scheme: string
  /** What the challenge calls the protected space (RFC 9110 §11.5). */
  readonly realm: string
  readonly keys: KeySource
  readonly algorithms: readonly SignatureAlgorithm[]
  /** Where the scopes are; without it `scope`, else `scp`. */
  readonly scopesClaim?: string
  readonly rolesClaim: string
  /** Who the consumer is; without it `sub`, else `client_id`, else `azp`. */
  readonly consumerClaim?: string
  /** Whether the upstream gets the token too. */
  readonly forward: boolean
}

/** What a remembered verdict rests on. */
interface Evidence {
  readonly key: PublicKey
  readonly binding: TokenBinding
}

/** For tests. */
export interface JwtSurroundings {
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Verified tokens that are remembered. */
  readonly capacity?: number
}

/** What callers are told; the log has the reason. */
const descriptions: Readonly<Partial<Record<SignatureFault | ClaimFault, string>>> = {
  expired: 'The access token expired',
  'not-yet-valid': 'The access token is not valid yet',
  audience: 'The access token is not for this service',
  bound: 'The access token is bound to a key',
}
const tooLong = invalidToken('too-long', 'The access token is too long')
const unreadable = invalidToken('unreadable', 'The access token is not a JWT')

/**
 * Verifies JSON Web Tokens given as bearer tokens (RFC 7519, 6750, 9068) by the rules of RFC 8725. What was verified once is
 * remembered by its digest until the token ends or its key is withdrawn.
 */
export function jwt(options: JwtOptions, { now = Date.now, capacity }: JwtSurroundings = {}): Verifier {
  const { scheme, realm, keys, algorithms, forward } = options
  const verified = new VerdictCache<Evidence>(capacity)
  const faults = new Map<string, Verdict>()

  return {
    scheme,
    verify(exchange) {
      const token = bearerToken(exchange)
      if (token === undefined) return absent
      if (typeof token !== 'string') return token
      if (token.length > longestToken) return tooLong
      const digest = hash('sha256', token)
      const known = verified.get(digest, now())
      return known !== undefined && keys.holds(known.evidence.key)
        ? presented(known.verdict, known.evidence, exchange)
        : judge(token, digest, exchange)
    },
    challenge: (refusal) => bearerChallenge(realm, refusal),
    remove: forward ? () => {} : removeBearer,
  }

  /** A token that is bound says nothing of who presents it without the certificate. */
  function presented(verdict: Verdict, { binding }: Evidence, exchange: Exchange): Verdict {
    return meetsBinding(binding, exchange) ? verdict : fault('bound')
  }

  async function judge(text: string, digest: string, exchange: Exchange): Promise<Verdict> {
    const token = readCompact(text)
    const claims = token && jsonMembers(token.payload)
    if (token === undefined || claims === undefined) return unreadable
    // Before a key is looked for: another issuer's tokens must not make us ask for keys.
    if (claims['iss'] !== options.issuer) return fault('issuer')
    const key = await verifySignature(token, keys, algorithms)
    if (typeof key === 'string') return fault(key)
    const wrong = judgeClaims(token.header, claims, options, now() / 1000)
    if (wrong !== undefined) return fault(wrong)
    const consumer = consumerOf(claims, options)
    if (consumer === undefined) return fault('claims')
    const verdict: Verdict = { outcome: 'verified', consumer }
    const evidence: Evidence = { key, binding: bindingOf(claims) }
    verified.set(digest, { verdict, until: (claims['exp'] as number) * 1000, evidence })
    return presented(verdict, evidence, exchange)
  }

  function fault(reason: SignatureFault | ClaimFault): Verdict {
    let verdict = faults.get(reason)
    if (verdict === undefined) {
      verdict = invalidToken(reason, descriptions[reason] ?? 'The access token is not valid')
      faults.set(reason, verdict)
    }
    return verdict
  }
}

function consumerOf(claims: JsonMembers, options: JwtOptions): Consumer | undefined {
  const { scopesClaim, rolesClaim, consumerClaim } = options
  const names = consumerClaim === undefined ? ['sub', 'client_id', 'azp'] : [consumerClaim]
  const id = names.map((name) => claimText(claimAt(claims, name))).find((text) => text !== undefined)
  if (id === undefined) return undefined
  const scopes = scopesClaim === undefined ? (claims['scope'] ?? claims['scp']) : claimAt(claims, scopesClaim)
  return Object.freeze({ id, roles: claimWords(claimAt(claims, rolesClaim)), scopes: claimWords(scopes), claims })
}
