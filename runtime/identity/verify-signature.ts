import { compactVerify } from 'jose/jws/compact/verify'
import type { CompactToken } from './compact-token.ts'
import type { KeySource } from './key-set.ts'
import type { PublicKey, SignatureAlgorithm } from './public-key.ts'

/** Why a token's signature says nothing. */
export type SignatureFault = 'algorithm' | 'critical' | 'key-unknown' | 'key-ambiguous' | 'signature'

/**
 * Verifies the signature of a token by RFC 8725 §3.1: with an algorithm that was chosen before, and a key that was found
 * without following anything the token says but the key's name (`jku`, `x5u`, `jwk` and `x5c` are not looked at).
 */
export async function verifySignature(
  { text, header }: CompactToken,
  keys: KeySource,
  algorithms: readonly string[],
): Promise<PublicKey | SignatureFault> {
  const { alg, kid } = header
  if (typeof alg !== 'string' || !algorithms.includes(alg)) return 'algorithm'
  // RFC 7515 §4.1.11: no extension is understood here, so none may be critical.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) return 'critical'
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 1024)) return 'key-unknown'
  const algorithm = alg as SignatureAlgorithm
  const key = await keys.find(kid, algorithm)
  if (key === 'unknown' || key === 'ambiguous') return `key-${key}`
  try {
    await compactVerify(text, await key.import(algorithm), { algorithms: [algorithm] })
    return key
  } catch {
    return 'signature'
  }
}
