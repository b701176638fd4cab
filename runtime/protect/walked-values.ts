import type { SuspendRule } from './suspension.ts'

/** Values that are remembered at once, of everybody together. */
const mostValues = 500_000

/** Which values of a path parameter somebody has asked for lately, by their digests. */
export class WalkedValues {
  readonly #most: number
  /** Least recently heard of first; the values of each as well. */
  readonly #walks = new Map<string, Map<string, number>>()
  #size = 0

  constructor(most: number = mostValues) {
    this.#most = most
  }

  get size(): number {
    return this.#size
  }

  /** @returns whether there have been enough different ones in the window; then all are forgotten */
  add(walker: string, value: string, { count, windowMs }: SuspendRule, now: number): boolean {
    const seen = this.#walks.get(walker) ?? new Map<string, number>()
    this.#walks.delete(walker)
    this.#walks.set(walker, seen)
    if (seen.delete(value)) this.#size--
    seen.set(value, now)
    this.#size++
    for (const [old, at] of seen) {
      if (now - at < windowMs) break
      seen.delete(old)
      this.#size--
    }
    if (seen.size >= count) {
      this.#forget(walker, seen)
      return true
    }
    while (this.#size > this.#most) {
      const [oldest, values] = this.#walks.entries().next().value!
      this.#forget(oldest, values)
    }
    return false
  }

  #forget(walker: string, seen: Map<string, number>): void {
    this.#walks.delete(walker)
    this.#size -= seen.size
  }
}
