import type { Readable } from 'node:stream'
import { Between } from '../core/between.ts'
import { Rejection, reject } from '../core/rejection.ts'

/** A request's body on its way upstream: it can be broken off, and the client's message outlives that. */
export class Upload extends Between {
  readonly #limit: number
  #size = 0

  /** @param limit bytes; past it the request is broken off with 413, before a byte too many has been sent */
  constructor(source: Readable, limit: number) {
    super(source)
    this.#limit = limit
  }

  /** Whether nothing of the body has been taken, so that it can still go out on another connection. */
  get isUntouched(): boolean {
    return this.#size === 0
  }

  protected override judge(chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size > this.#limit) this.destroy(reject('content-too-large'))
    else this.hand(chunk)
  }

  protected override broken(cause: Error): void {
    this.destroy(cause instanceof Rejection ? cause : reject('bad-request', { detail: 'The body ended early.', cause }))
  }
}
