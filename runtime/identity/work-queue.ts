import { reject } from '../core/rejection.ts'

/** So many pieces of work at a time, so many more waiting; what comes beyond that is 503: nobody is kept for nothing. */
export class WorkQueue {
  readonly #atOnce: number
  readonly #most: number
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(atOnce: number, most: number) {
    this.#atOnce = atOnce
    this.#most = most
  }

  /** @throws Rejection 503 where too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#most) {
        throw reject('service-unavailable', {
          detail: 'Too many credentials wait to be verified.',
          headers: ['Retry-After', '1'],
        })
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#running++
    }
    try {
      return await work()
    } finally {
      // The place is handed on, never free in between.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
