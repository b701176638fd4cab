import type { Verdict } from '../core/verifier.ts'

export interface CachedVerdict<E> {
  readonly verdict: Verdict
  /** Milliseconds since the epoch: from then on the verdict says nothing any more. */
  readonly until: number
  /** What it rests on, e.g. the key that verified it. */
  readonly evidence: E
}

/**
 * Verdicts by the digest of what was presented: neither tokens nor passwords stay in memory. Bounded by two generations:
 * what is used moves to the young one, and when that is full the old one is dropped whole.
 */
export class VerdictCache<E> {
  readonly #capacity: number
  #young = new Map<string, CachedVerdict<E>>()
  #old = new Map<string, CachedVerdict<E>>()

  /** @param capacity of a generation; twice as many are remembered at most */
  constructor(capacity = 10_000) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(digest: string, now: number): CachedVerdict<E> | undefined {
    const young = this.#young.get(digest)
    const found = young ?? this.#old.get(digest)
    if (found === undefined) return undefined
    if (now >= found.until) {
      this.delete(digest)
      return undefined
    }
    if (young === undefined) {
      this.#old.delete(digest)
      this.#put(digest, found)
    }
    return found
  }

  set(digest: string, entry: CachedVerdict<E>): void {
    this.#old.delete(digest)
    this.#put(digest, entry)
  }

  delete(digest: string): void {
    this.#young.delete(digest)
    this.#old.delete(digest)
  }

  #put(digest: string, entry: CachedVerdict<E>): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(digest, entry)
  }
}
