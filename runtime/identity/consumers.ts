import type { Consumer } from '../core/consumer.ts'
import type { Verdict } from '../core/verifier.ts'
import type { PasswordHash } from './password-hash.ts'

/** A key somebody may call with, as it is looked up. The key itself is stored nowhere. */
export interface KnownKey {
  readonly consumer: Consumer
  /** What a verifier answers for it: made once, not per request. */
  readonly verdict: Verdict
  /** Milliseconds since the epoch: the earlier of the key's and the consumer's end; Infinity where neither has one. */
  readonly expiresAt: number
}

/** A password somebody may call with (RFC 7617), as its scrypt hash. */
export interface KnownPassword {
  readonly hash: PasswordHash
  readonly consumer: Consumer
  readonly verdict: Verdict
  /** As of a key. */
  readonly expiresAt: number
}

/** Where verifiers find who may call. */
export interface ConsumerDirectory {
  /** @param digest SHA-256 of what was presented, 64 lower-case hexadecimal digits */
  byDigest(digest: string): KnownKey | undefined
  /** Those of a consumer; [] where it has none. The same objects for as long as the file stays as it is. */
  passwordsOf(consumer: string): readonly KnownPassword[]
  /** @param key of `certificateKey`; where certificates cannot be listed there is no such look-up */
  byCertificate?(key: string): KnownKey | undefined
}
