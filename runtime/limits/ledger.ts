/** What the ledger must know of a state to choose which one to forget. */
export interface LedgerRules<S> {
  /** Units left. */
  remaining(state: S, now: number): number
  /** After so long without a request a state is as good as none. */
  readonly horizonMs: number
  /** How many callers are remembered at once. */
  readonly capacity: number
}

/** How many states with something left are compared to find one to forget. */
const candidates = 4
/** How many are looked at to find them: it bounds the work of a request that meets a full ledger. */
const looks = 64

/**
 * The states of many callers, in bounded memory and without timers.
 *
 * There are two generations. What is used moves to the young one; when a horizon has passed the old one is dropped whole
 * and the young becomes the old. So what is dropped has not been used for a horizon: its budget is full again, and
 * forgetting it gives nothing away.
 *
 * A full ledger (more callers in one horizon than its capacity) forgets among the least recently used the one with most
 * left, and those with nothing left get a second chance. Somebody with many addresses, each used once, so pushes out
 * their own nearly full budgets and not those of the callers that are being limited.
 */
export class Ledger<S> {
  readonly #rules: LedgerRules<S>
  #young = new Map<string, S>()
  #old = new Map<string, S>()
  #turnAt = Number.NEGATIVE_INFINITY

  constructor(rules: LedgerRules<S>) {
    this.#rules = rules
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  /** The state of a caller, a fresh one where nothing is remembered. */
  of(key: string, now: number, fresh: (now: number) => S): S {
    if (now >= this.#turnAt) this.#turn(now)
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.#old.delete(key)
    else if (this.size >= this.#rules.capacity) this.#forget(now)
    const state = old ?? fresh(now)
    this.#young.set(key, state)
    return state
  }

  #turn(now: number): void {
    const { horizonMs } = this.#rules
    this.#old = now >= this.#turnAt + horizonMs ? new Map() : this.#young
    this.#young = new Map()
    this.#turnAt = now + horizonMs
  }

  #forget(now: number): void {
    const from = this.#old.size > 0 ? this.#old : this.#young
    let victim: string | undefined
    let most = -1
    let spent: string[] | undefined
    let [looked, found] = [0, 0]
    for (const [key, state] of from) {
      const left = this.#rules.remaining(state, now)
      if (left > most) {
        most = left
        victim = key
      }
      if (left < 1) (spent ??= []).push(key)
      else if (++found === candidates) break
      if (++looked === looks) break
    }
    if (victim !== undefined) from.delete(victim)
    for (const key of spent ?? []) secondChance(from, key)
  }
}

/** Puts an entry behind all others. */
function secondChance<S>(from: Map<string, S>, key: string): void {
  const state = from.get(key)
  if (state === undefined) return
  from.delete(key)
  from.set(key, state)
}
