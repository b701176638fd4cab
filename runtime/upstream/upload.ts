import { Readable } from 'node:stream'
import { Rejection, reject } from '../core/rejection.ts'

/**
 * A request's body on its way upstream. It stands between the client's message and undici, which destroys the streams it
 * sends: destroying the message itself would cut the client off before it has its answer.
 */
export class Upload extends Readable {
  readonly #source: Readable
  readonly #limit: number
  #size = 0

  /** @param limit bytes; past it the request is broken off with 413, before a byte too many has been sent */
  constructor(source: Readable, limit: number) {
    super()
    this.#source = source
    this.#limit = limit
    source.on('data', this.#take)
    source.once('end', this.#finish)
    source.once('error', this.#break)
    source.once('close', this.#gone)
    source.pause()
  }

  override _read(): void {
    this.#source.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const source = this.#source
    source.off('data', this.#take)
    source.off('end', this.#finish)
    source.off('error', this.#break)
    source.off('close', this.#gone)
    source.pause()
    done(error)
  }

  readonly #take = (chunk: Buffer): void => {
    this.#size += chunk.length
    if (this.#size > this.#limit) this.destroy(reject('content-too-large'))
    else if (!this.push(chunk)) this.#source.pause()
  }

  readonly #finish = (): void => {
    this.push(null)
  }

  readonly #break = (cause: Error): void => {
    this.destroy(cause instanceof Rejection ? cause : reject('bad-request', { detail: 'The body ended early.', cause }))
  }

  readonly #gone = (): void => {
    if (!this.#source.readableEnded) this.#break(new Error('the client went away'))
  }
}
