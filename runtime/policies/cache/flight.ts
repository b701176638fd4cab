import type { Answer } from '../../core/answer.ts'
import type { Look } from './look.ts'

/** How a request that others wait for has ended. */
export type Outcome =
  /** Its answer is stored and fresh: look again. */
  | { readonly kind: 'stored' }
  /** Its answer is for its own client only: nobody should wait for such an answer again soon. */
  | { readonly kind: 'unshareable' }
  /** It failed, or its client went away: somebody else may try. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** It takes too long to be waited for. */
  | { readonly kind: 'late' }

/** Its answer is on its way and may be shared: those whom it suits stream along. Gives undefined to all others. */
export interface Offer {
  readonly kind: 'offered'
  readonly join: (look: Look) => Answer | undefined
}

/** One request to the upstream that others of the same key wait for instead of asking again. */
export class Flight {
  readonly #ended: Promise<Outcome>
  readonly #first: Promise<Outcome | Offer>
  #settle!: (outcome: Outcome) => void
  #show!: (first: Outcome | Offer) => void
  #timer: NodeJS.Timeout | undefined
  #isSettled = false

  constructor() {
    this.#ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#first = new Promise((resolve) => {
      this.#show = resolve
    })
  }

  get isSettled(): boolean {
    return this.#isSettled
  }

  settle(outcome: Outcome): void {
    if (this.#isSettled) return
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.#show(outcome)
    this.#settle(outcome)
  }

  /** Before it has ended. */
  offer(join: Offer['join']): void {
    this.#show({ kind: 'offered', join })
  }

  /** The end, or the offer that comes before it. */
  first(limit: number): Promise<Outcome | Offer> {
    void this.wait(limit)
    return this.#first
  }

  /** @param limit milliseconds from the first follower's arrival; one timer serves them all */
  wait(limit: number): Promise<Outcome> {
    if (!this.#isSettled) this.#timer ??= setTimeout(() => this.settle({ kind: 'late' }), limit).unref()
    return this.#ended
  }
}
