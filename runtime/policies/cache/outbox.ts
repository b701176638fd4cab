import { everything, type Mark, type Purge } from './marks.ts'

/** More that cannot be told becomes one word: everything. */
const mostPending = 1_000
/** How many go into one message. */
const atOnce = 100
const pause = 200

/**
 * What other instances have to be told: kept until the store has taken it, in whatever state it is meanwhile. Nothing of
 * the store may be used while it holds anything.
 */
export class Outbox {
  readonly #send: (marks: readonly Mark[], how: Purge) => Promise<void>
  #pending = new Map<Mark, Purge>()
  #sending: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #isStuck = false

  /** @param send rejects where it could not be told */
  constructor(send: (marks: readonly Mark[], how: Purge) => Promise<void>) {
    this.#send = send
  }

  /** Whether something could not be told and waits for its next chance. */
  get isStuck(): boolean {
    return this.#isStuck
  }

  add(marks: readonly Mark[], how: Purge): void {
    for (const mark of marks) if (how === 'hard' || !this.#pending.has(mark)) this.#pending.set(mark, how)
    if (this.#pending.size > mostPending) this.#pending = new Map([[everything, 'hard']])
  }

  /** Tries to tell all; resolves when nothing is left, or when it failed and will be tried again. */
  async send(): Promise<void> {
    // What was added while others are being told is told after them.
    while (this.#pending.size > 0 || this.#sending !== undefined) {
      const mine = (this.#sending ??= this.#round().finally(() => {
        this.#sending = undefined
      }))
      try {
        await mine
      } catch {
        this.#isStuck = true
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined
          void this.send()
        }, pause).unref()
        return
      }
    }
    this.#isStuck = false
  }

  async #round(): Promise<void> {
    const how: Purge = [...this.#pending.values()].includes('hard') ? 'hard' : 'soft'
    const marks = [...this.#pending].filter(([, wanted]) => wanted === how).map(([mark]) => mark)
    const part = marks.slice(0, atOnce)
    for (const mark of part) this.#pending.delete(mark)
    try {
      await this.#send(part, how)
    } catch (error) {
      this.add(part, how)
      throw error
    }
  }
}
