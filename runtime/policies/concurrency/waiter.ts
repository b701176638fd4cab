import type { Abortable } from '../../core/exchange.ts'

/** A place among those under way. */
export interface Place {
  release(): void
}

/** Why somebody waits no longer. */
export type End = 'timeout' | 'gone' | 'store-lost'

/** One who waits for a place. It ends once: with a place, or without. */
export class Waiter implements Abortable {
  readonly place: Promise<Place | End>
  isOver = false
  readonly #settle: (end: Place | End) => void
  readonly #timer: NodeJS.Timeout

  constructor(patience: number) {
    const { promise, resolve } = Promise.withResolvers<Place | End>()
    this.place = promise
    this.#settle = resolve
    this.#timer = setTimeout(() => this.end('timeout'), patience)
  }

  /** The client has gone away. */
  abort(): void {
    this.end('gone')
  }

  end(how: Place | End): void {
    if (this.isOver) return
    this.isOver = true
    clearTimeout(this.#timer)
    this.#settle(how)
  }
}

/** Those who wait, first come first served. Who has gone is passed over, and counts no more. */
export class Line {
  #waiters: Waiter[] = []

  get length(): number {
    if (this.#waiters.some(({ isOver }) => isOver)) this.#waiters = this.#waiters.filter(({ isOver }) => !isOver)
    return this.#waiters.length
  }

  get first(): Waiter | undefined {
    while (this.#waiters[0]?.isOver === true) this.#waiters.shift()
    return this.#waiters[0]
  }

  join(waiter: Waiter): void {
    this.#waiters.push(waiter)
  }
}
