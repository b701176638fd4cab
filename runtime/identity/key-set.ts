import { type PublicKey, publicKey, type SignatureAlgorithm } from './public-key.ts'

/** Where the keys of an issuer come from. */
export interface KeySource {
  /** @throws Rejection 503 where nobody can say at the moment */
  find(kid: string | undefined, algorithm: SignatureAlgorithm): KeyChoice | Promise<KeyChoice>
  /** Whether the issuer still has this key: what it verified before is good only as long. */
  holds(key: PublicKey): boolean
}

/** The one key that fits; or none does, or several do: then which one was meant is not for us to guess. */
export type KeyChoice = PublicKey | 'unknown' | 'ambiguous'

/** More keys are no key set but a way to keep the machine busy. */
const mostKeys = 256

/** The keys of a JWK Set (RFC 7517 §5) that may verify signatures. */
export class KeySet {
  readonly keys: ReadonlySet<PublicKey>
  /** Why others are left out, as sentences for the log. */
  readonly faults: readonly string[]

  private constructor(keys: ReadonlySet<PublicKey>, faults: readonly string[]) {
    this.keys = keys
    this.faults = faults
  }

  /**
   * @param before keys that are in both stay the same objects
   * @throws Error where this is no JWK Set, or holds nothing to verify with
   */
  static read(value: unknown, before?: KeySet): KeySet {
    const listed = typeof value === 'object' && value !== null ? (value as { keys?: unknown }).keys : undefined
    if (!Array.isArray(listed)) throw new Error('there is no JWK Set in it ({"keys": […]})')
    if (listed.length > mostKeys) throw new Error(`more than ${mostKeys} keys are in it`)
    const faults: string[] = []
    const keys = new Map<string, PublicKey>()
    for (const jwk of listed) {
      const key = publicKey(jwk)
      if (typeof key === 'string') faults.push(key)
      else if (key !== undefined) keys.set(key.identity, key)
    }
    if (keys.size === 0) throw new Error(['no key in it can verify a signature', ...faults].join('; '))
    for (const known of before?.keys ?? []) if (keys.has(known.identity)) keys.set(known.identity, known)
    return new KeySet(new Set(keys.values()), faults)
  }

  choose(kid: string | undefined, algorithm: SignatureAlgorithm): KeyChoice {
    let found: PublicKey | undefined
    for (const key of this.keys) {
      if ((kid !== undefined && key.kid !== kid) || !key.fits(algorithm)) continue
      if (found !== undefined) return 'ambiguous'
      found = key
    }
    return found ?? 'unknown'
  }
}
