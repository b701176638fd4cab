import { Readable } from 'node:stream'

/**
 * A body on its way to the client, copied as it passes. Bytes are read ahead of the client up to the limit, so that a slow
 * client does not hold up those who wait for the copy; past the limit the copy is given up and the client's pace counts.
 */
export class CopiedBody extends Readable {
  readonly #source: Readable
  readonly #limit: number
  readonly #grow: (bytes: number) => boolean
  readonly #done: (whole: Buffer | undefined) => void
  #chunks: Buffer[] | undefined = []
  #size = 0
  #isDone = false

  /**
   * @param limit bytes; undefined `whole` where the body is longer
   * @param grow asked before bytes are kept; false gives the copy up
   * @param done called once: with all bytes after a clean end, with undefined for anything else
   */
  constructor(
    source: Readable,
    limit: number,
    grow: (bytes: number) => boolean,
    done: (whole: Buffer | undefined) => void,
  ) {
    super()
    this.#source = source
    this.#limit = limit
    this.#grow = grow
    this.#done = done
    source.on('data', (chunk: Buffer) => this.#take(chunk))
    source.once('end', () => {
      this.#finish(true)
      this.push(null)
    })
    source.once('error', (error) => this.destroy(error))
    source.once('close', () => {
      // `close` without `end`: the source broke off, and the client must see that.
      if (!source.readableEnded) this.destroy(source.errored ?? new Error('The body broke off.'))
    })
  }

  #take(chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#chunks !== undefined) {
      if (this.#size <= this.#limit && this.#grow(chunk.length)) this.#chunks.push(chunk)
      else this.#finish(false)
    }
    if (!this.push(chunk) && this.#chunks === undefined) this.#source.pause()
  }

  #finish(isWhole: boolean): void {
    if (this.#isDone) return
    this.#isDone = true
    const chunks = this.#chunks
    this.#chunks = undefined
    if (!isWhole || chunks === undefined) {
      this.#done(undefined)
      return
    }
    // Memory of its own and no larger than the body: chunks are often windows on larger blocks.
    const whole = Buffer.allocUnsafeSlow(this.#size)
    let at = 0
    for (const chunk of chunks) at += chunk.copy(whole, at)
    this.#done(whole)
  }

  override _read(): void {
    this.#source.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#finish(false)
    this.#source.destroy(error ?? undefined)
    callback(error)
  }
}
