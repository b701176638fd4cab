/** Something that ends by itself when its time is up. */
export interface Timed {
  /** @param now milliseconds, of `performance.now()` */
  check(now: number): void
}

/** How often deadlines are looked at, in ms: a timeout may come this much late. */
const tick = 50

/** One clock for every call under way: a timer per call and phase costs more than the call's routing. */
export class Deadlines {
  readonly #timed = new Set<Timed>()
  #timer: NodeJS.Timeout | undefined

  start(): void {
    this.#timer ??= setInterval(() => {
      if (this.#timed.size === 0) return
      const now = performance.now()
      for (const timed of this.#timed) timed.check(now)
    }, tick).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  add(timed: Timed): void {
    this.#timed.add(timed)
  }

  delete(timed: Timed): void {
    this.#timed.delete(timed)
  }
}
