import type { Consumer } from '../core/consumer.ts'
import type { Verdict } from '../core/verifier.ts'

/** A key somebody may call with, as it is looked up. */
export interface KnownKey {
  /** SHA-256 of the key: 32 bytes. The key itself is stored nowhere. */
  readonly digest: Buffer
  readonly consumer: Consumer
  /** What a verifier answers for it: made once, not per request. */
  readonly verdict: Verdict
  /** Milliseconds since the epoch: the earlier of the key's and the consumer's end; Infinity where neither has one. */
  readonly expiresAt: number
}

/** Where verifiers find who may call. */
export interface ConsumerDirectory {
  /** @param digest SHA-256 of what was presented */
  byDigest(digest: Buffer): KnownKey | undefined
}

/** Keys by the latin1 text of their digest: a Map's hash of it says nothing of the key. */
export type KnownKeys = ReadonlyMap<string, KnownKey>

export function findKey(keys: KnownKeys, digest: Buffer): KnownKey | undefined {
  return keys.get(digest.toString('latin1'))
}
