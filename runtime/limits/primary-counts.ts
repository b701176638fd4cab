import type { Algorithm, Ruling } from './algorithm.ts'
import type { CalendarUnit } from './calendar.ts'
import { calendarClock } from './calendar-clock.ts'
import { calendarWindow } from './calendar-window.ts'
import type { Asked } from './count-store.ts'
import { fixedWindow } from './fixed-window.ts'
import { Ledger } from './ledger.ts'
import { slidingWindow } from './sliding-window.ts'
import { tokenBucket } from './token-bucket.ts'

/** What is counted alike: the callers of one limit with one rate. */
interface Count {
  readonly algorithm: Algorithm<unknown>
  readonly ledger: Ledger<unknown>
  readonly clock: () => number
}

interface Ruled {
  readonly asked: Asked
  readonly count: Count
  readonly state: unknown
  readonly now: number
  readonly ruling: Ruling
}

/** What the primary process counts for all workers: as exact as one process alone, since one process does it. */
export class PrimaryCounts {
  readonly #counts = new Map<string, Count>()
  readonly #capacity: number
  readonly #clocks: { readonly steady: () => number; readonly calendar: () => number }

  /** @param capacity callers remembered at once, of each limit */
  constructor(
    capacity = 100_000,
    clocks: { readonly steady: () => number; readonly calendar: () => number } = {
      steady: () => performance.now(),
      calendar: calendarClock(),
    },
  ) {
    this.#capacity = capacity
    this.#clocks = clocks
  }

  /** Each is counted, or none where one refuses; with `look` none at all. */
  rule(asked: readonly Asked[], mode: 'take' | 'look'): Ruling[] {
    const ruled = asked.map((one) => this.#take(one))
    if (mode === 'look' || ruled.some(({ ruling }) => !ruling.admitted)) {
      for (const { asked, count, state, now, ruling } of ruled) {
        if (!ruling.admitted) continue
        count.algorithm.giveBack(state, asked.rate.cost)
        ruling.remaining = Math.floor(count.algorithm.remaining(state, now))
      }
    }
    return ruled.map(({ ruling }) => ruling)
  }

  giveBack(asked: readonly Asked[]): void {
    for (const { key, algorithm, rate } of asked) {
      const count = this.#countOf(key, algorithm, rate)
      const now = count.clock()
      count.algorithm.giveBack(count.ledger.of(key, now, count.algorithm.fresh), rate.cost)
    }
  }

  #take(asked: Asked): Ruled {
    const { key, algorithm, rate } = asked
    const count = this.#countOf(key, algorithm, rate)
    const now = count.clock()
    const state = count.ledger.of(key, now, count.algorithm.fresh)
    const ruling: Ruling = { admitted: true, remaining: 0, effectiveMs: 0 }
    count.algorithm.take(state, rate.cost, now, ruling)
    return { asked, count, state, now, ruling }
  }

  #countOf(key: string, counted: Asked['algorithm'], { quota, windowMs, burst }: Asked['rate']): Count {
    const id = `${key.slice(0, key.indexOf(':'))} ${counted} ${quota} ${windowMs} ${burst}`
    let count = this.#counts.get(id)
    if (count === undefined) {
      const algorithm = make(counted, { quota, windowMs, ...(burst === undefined ? {} : { burst }) })
      const { horizonMs } = algorithm
      const remaining = (state: unknown, now: number): number => algorithm.remaining(state, now)
      const ledger = new Ledger<unknown>({ remaining, horizonMs, capacity: this.#capacity })
      const isCalendar = counted === 'day' || counted === 'week' || counted === 'month'
      count = { algorithm, ledger, clock: isCalendar ? this.#clocks.calendar : this.#clocks.steady }
      this.#counts.set(id, count)
    }
    return count
  }
}

function make(
  counted: Asked['algorithm'],
  rate: { readonly quota: number; readonly windowMs: number; readonly burst?: number },
): Algorithm<unknown> {
  switch (counted) {
    case 'sliding-window':
      return slidingWindow(rate) as Algorithm<unknown>
    case 'token-bucket':
      return tokenBucket(rate) as Algorithm<unknown>
    case 'fixed-window':
      return fixedWindow(rate) as Algorithm<unknown>
    default:
      return calendarWindow(rate.quota, counted satisfies CalendarUnit) as Algorithm<unknown>
  }
}
