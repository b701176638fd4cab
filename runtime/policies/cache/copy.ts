import { Readable } from 'node:stream'

/** All bytes after a clean end; or why there are none: too many of them, or an end before the end. */
export type Copy = Buffer | 'given-up' | 'broken'

/**
 * A body on its way to the client, copied as it passes. Bytes are read ahead of the client up to the limit, so that a slow
 * client does not hold up those who wait for the copy; past the limit the copy is given up and the client's pace counts.
 */
export class CopiedBody extends Readable {
  readonly #source: Readable
  readonly #limit: number
  readonly #grow: (bytes: number) => boolean
  readonly #done: (copy: Copy) => void
  #chunks: Buffer[] | undefined = []
  #size = 0
  #isDone = false

  /**
   * @param limit bytes; the copy of a longer body is given up
   * @param grow asked before bytes are kept; false gives the copy up as well
   * @param done called once
   */
  constructor(source: Readable, limit: number, grow: (bytes: number) => boolean, done: (copy: Copy) => void) {
    super()
    this.#source = source
    this.#limit = limit
    this.#grow = grow
    this.#done = done
    source.on('data', (chunk: Buffer) => this.#take(chunk))
    source.once('end', () => {
      this.#finish('whole')
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
      else this.#finish('given-up')
    }
    if (!this.push(chunk) && this.#chunks === undefined) this.#source.pause()
  }

  #finish(how: 'whole' | 'given-up' | 'broken'): void {
    if (this.#isDone) return
    this.#isDone = true
    const chunks = this.#chunks
    this.#chunks = undefined
    if (how !== 'whole' || chunks === undefined) {
      this.#done(how === 'broken' ? 'broken' : 'given-up')
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
    this.#finish('broken')
    this.#source.destroy(error ?? undefined)
    callback(error)
  }
}
