import { StoreError } from './store-error.ts'

/** Commands under way at once, and bytes of their arguments: what a store that has stopped can cost. */
const mostCommands = 2_000
const mostBytes = 32 * 1024 * 1024
/** Timeouts in a row that make a store slow. */
const patience = 3
/** Milliseconds between two looks whether it is still slow. */
const pause = 100

export interface LoadOptions {
  readonly ping: () => Promise<unknown>
  /** Milliseconds a ping may take once the store is called fast again. */
  readonly timeout: number
  readonly onSlow: () => void
  readonly onBack: () => void
}

/**
 * What is under way to a store, within limits. One that lets several commands in a row wait too long is called slow: then
 * nobody asks it until a ping has come back in time, so that it delays few requests and not each.
 */
export class Load {
  readonly #options: LoadOptions
  #commands = 0
  #bytes = 0
  #timeouts = 0
  #isSlow = false

  constructor(options: LoadOptions) {
    this.#options = options
  }

  get isSlow(): boolean {
    return this.#isSlow
  }

  /** @returns the bytes of these arguments. @throws StoreError where there is no room for another command */
  enter(args: readonly (string | number | Buffer)[]): number {
    let size = 64
    for (const arg of args) size += typeof arg === 'number' ? 8 : arg.length
    if (this.#isSlow || this.#commands >= mostCommands || this.#bytes + size > mostBytes) throw new StoreError('slow')
    return size
  }

  /** The reply, or a StoreError once the time is up; a late reply is thrown away. */
  within(reply: Promise<unknown>, size: number, timeout: number): Promise<unknown> {
    this.#commands++
    this.#bytes += size
    return new Promise((resolve, fail) => {
      let isLate = false
      let isOver = false
      const giveUp = (): void => {
        if (isOver) return
        isLate = true
        if (++this.#timeouts >= patience) this.#slow()
        fail(new StoreError('slow'))
      }
      // Where this process was the slow one, the reply is there already and is read before that.
      const timer = setTimeout(() => setImmediate(giveUp), timeout)
      const end = (): void => {
        isOver = true
        clearTimeout(timer)
        this.#commands--
        this.#bytes -= size
        if (!isLate) this.#timeouts = 0
      }
      reply.then(
        (value) => {
          end()
          resolve(value)
        },
        (error) => {
          end()
          fail(error)
        },
      )
    })
  }

  #slow(): void {
    if (this.#isSlow) return
    this.#isSlow = true
    this.#options.onSlow()
    void this.#watch()
  }

  async #watch(): Promise<void> {
    const { ping, timeout, onBack } = this.#options
    for (;;) {
      const began = performance.now()
      // While the connection is lost it is not slow but down, and new when it is back.
      const isGone = await ping().then(
        () => false,
        () => true,
      )
      if (isGone || performance.now() - began < timeout) break
      await new Promise((resolve) => setTimeout(resolve, pause).unref())
    }
    this.#isSlow = false
    this.#timeouts = 0
    onBack()
  }
}
