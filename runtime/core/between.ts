import { Readable } from 'node:stream'

/**
 * A body that stands between where it comes from and whoever reads it: it takes a piece when the reader wants more, and breaking it
 * off leaves its source whole, which a client's message has to stay until the client has its answer.
 */
export abstract class Between extends Readable {
  readonly #source: Readable

  constructor(source: Readable) {
    super()
    this.#source = source
    source.on('data', this.#take)
    source.once('end', this.#finish)
    source.once('error', this.#break)
    source.once('close', this.#gone)
    source.pause()
  }

  /** Looks at a piece, and hands it on with {@link hand} or destroys the stream. */
  protected abstract judge(chunk: Buffer): void

  /** All has come. */
  protected finish(): void {
    this.push(null)
  }

  /** The source broke off. */
  protected broken(cause: Error): void {
    this.destroy(cause)
  }

  protected hand(chunk: Buffer): void {
    if (!this.push(chunk)) this.#source.pause()
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

  readonly #take = (chunk: Buffer): void => this.judge(chunk)
  readonly #finish = (): void => this.finish()
  readonly #break = (cause: Error): void => this.broken(cause)
  readonly #gone = (): void => {
    if (!this.#source.readableEnded) this.broken(new Error('the client went away'))
  }
}
