import type { Consumer } from '../core/consumer.ts'
import type { Verdict } from '../core/verifier.ts'

/** A key somebody may call with, as it is looked up. The key itself is stored nowhere. */
export interface KnownKey {
  readonly consumer: Consumer
  /** What a verifier answers for it: made once, not per request. */
  readonly verdict: Verdict
  /** Milliseconds since the epoch: the earlier of the key's and the consumer's end; Infinity where neither has one. */
  readonly expiresAt: number
}

/** Where verifiers find who may call. */
export interface ConsumerDirectory {
  /** @param digest SHA-256 of what was presented, 64 lower-case hexadecimal digits */
  byDigest(digest: string): KnownKey | undefined
}
