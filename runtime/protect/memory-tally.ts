import { Ledger } from '../limits/ledger.ts'
import { type SlidingWindowState, slidingWindow } from '../limits/sliding-window.ts'
import {
  type Noted,
  rememberedFor,
  type Signal,
  type SuspendRule,
  type Suspension,
  suspendedFor,
  type Tally,
} from './suspension.ts'
import { WalkedValues } from './walked-values.ts'

/** Subjects of each kind that are remembered at once; beyond that those heard of least recently are forgotten. */
const capacity = 100_000

interface Counter {
  readonly algorithm: ReturnType<typeof slidingWindow>
  readonly ledger: Ledger<SlidingWindowState>
}

/** Counts in this process. @param now milliseconds since the epoch of a clock that never jumps */
export class MemoryTally implements Tally {
  readonly #now: () => number
  readonly #counters = new Map<Signal, Counter>()
  readonly #walked = new WalkedValues()
  /** Those who have been suspended, until it is forgotten. */
  readonly #suspensions = new Map<string, Suspension>()

  constructor(now: () => number) {
    this.#now = now
  }

  note({ subject, signal, rule, place, value }: Noted): Suspension | undefined {
    const now = this.#now()
    const before = this.#suspensions.get(subject)
    if (before !== undefined && before.until > now) return undefined
    const isEnough =
      place === undefined || value === undefined
        ? this.#count(subject, signal, rule, now)
        : this.#walked.add(`${subject} ${place}`, value, rule, now)
    if (!isEnough) return undefined
    const isRemembered = before !== undefined && before.until + rememberedFor > now
    const times = isRemembered ? before.times + 1 : 1
    const suspension = { subject, signal, times, until: now + suspendedFor(rule, times) }
    this.#keep(suspension)
    return suspension
  }

  lift(subject: string | undefined): void {
    if (subject === undefined) this.#suspensions.clear()
    else this.#suspensions.delete(subject)
  }

  listen(): void {}

  /** Those that hold now. */
  list(): Suspension[] {
    const now = this.#now()
    return [...this.#suspensions.values()].filter(({ until }) => until > now)
  }

  #count(subject: string, signal: Signal, rule: SuspendRule, now: number): boolean {
    let counter = this.#counters.get(signal)
    if (counter === undefined) {
      const algorithm = slidingWindow({ quota: rule.count, windowMs: rule.windowMs })
      const { remaining, horizonMs } = algorithm
      counter = { algorithm, ledger: new Ledger({ remaining, horizonMs, capacity }) }
      this.#counters.set(signal, counter)
    }
    const { algorithm, ledger } = counter
    const state = ledger.of(subject, now, algorithm.fresh)
    const ruling = { admitted: true, remaining: 0, effectiveMs: 0 }
    algorithm.take(state, 1, now, ruling)
    if (ruling.remaining > 0) return false
    // Who comes back begins anew.
    Object.assign(state, algorithm.fresh(now))
    return true
  }

  #keep(suspension: Suspension): void {
    this.#suspensions.delete(suspension.subject)
    if (this.#suspensions.size >= capacity) this.#suspensions.delete(this.#suspensions.keys().next().value!)
    this.#suspensions.set(suspension.subject, suspension)
  }
}
