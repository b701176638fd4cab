import { Readable } from 'node:stream'
import type { Fields } from '../core/headers.ts'

/**
 * Bytes kept for a client that reads slower than the upstream sends. With undici's 64 KiB, pausing and resuming stalled
 * under load.
 */
const highWaterMark = 256 * 1024

/** An answer's body that is still on the wire. Not reading it holds the upstream back; destroying it ends the call. */
export class Download extends Readable {
  /** Known once the body has ended. */
  trailers: Fields | undefined = undefined
  readonly #resume: () => void
  readonly #abandon: () => void

  constructor(resume: () => void, abandon: () => void) {
    super({ highWaterMark })
    this.#resume = resume
    this.#abandon = abandon
  }

  override _read(): void {
    this.#resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#abandon()
    done(error)
  }
}
