import { Readable } from 'node:stream'

/** A part of a body and what came after it: who follows holds on to no more than it has not read yet. */
interface Link {
  readonly chunk: Buffer
  next: Link | undefined
}

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
  /** What followers begin with; undefined once the beginning is given up. */
  #first: Link | undefined = { chunk: Buffer.alloc(0), next: undefined }
  #last: Link = this.#first!
  readonly #followers = new Set<Follower>()
  #end: 'open' | 'whole' | Error = 'open'

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
      this.#tell('whole')
      this.push(null)
    })
    source.once('error', (error) => this.#break(error))
    source.once('close', () => {
      // `close` without `end`: the source broke off, and the client must see that.
      if (!source.readableEnded) this.#break(source.errored ?? new Error('The body broke off.'))
    })
  }

  #take(chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#chunks !== undefined) {
      if (this.#size <= this.#limit && this.#grow(chunk.length)) this.#chunks.push(chunk)
      else this.#finish('given-up')
    }
    this.#last = this.#last.next = { chunk, next: undefined }
    for (const follower of this.#followers) follower.more(chunk.length)
    if (!this.destroyed && !this.push(chunk) && this.#chunks === undefined) this.#source.pause()
    if (this.#isHeldUp) this.#source.pause()
  }

  #finish(how: 'whole' | 'given-up' | 'broken'): void {
    if (this.#isDone) return
    this.#isDone = true
    const chunks = this.#chunks
    this.#chunks = undefined
    this.#first = undefined
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

  /** Past the limit the slowest of all counts, so that nothing piles up without end. */
  get #isHeldUp(): boolean {
    if (this.#chunks !== undefined) return false
    const most = Math.max(this.#limit, 2 * this.readableHighWaterMark)
    const isFull = !this.destroyed && this.readableLength > most
    return isFull || [...this.#followers].some(({ lag }) => lag > most)
  }

  #resume(): void {
    if (!this.#isHeldUp) this.#source.resume()
  }

  override _read(): void {
    this.#resume()
  }

  /** The same body from its beginning, at a pace of its own; undefined where its beginning is gone. */
  follow(): Readable | undefined {
    if (this.#first === undefined) return undefined
    const follower = new Follower(this.#first, {
      end: () => this.#end,
      resume: () => this.#resume(),
      leave: (gone) => this.#leave(gone),
    })
    this.#followers.add(follower)
    return follower
  }

  #tell(end: 'whole' | Error): void {
    this.#end = end
    for (const follower of this.#followers) follower.more(0)
  }

  #break(error: Error): void {
    this.#finish('broken')
    this.#tell(error)
    this.destroy(error)
  }

  #leave(follower: Follower): void {
    this.#followers.delete(follower)
    this.#resume()
    if (this.destroyed && this.#followers.size === 0 && this.#end === 'open') this.#stop(null)
  }

  /** Nobody is left. */
  #stop(error: Error | null): void {
    this.#finish('broken')
    this.#source.destroy(error ?? undefined)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // The client that asked first has left: those who follow still want the body.
    if (this.#followers.size === 0 || this.#end !== 'open') this.#stop(error)
    else this.#resume()
    callback(error)
  }
}

/** What a follower knows of the body it follows. */
interface Followed {
  readonly end: () => 'open' | 'whole' | Error
  readonly resume: () => void
  readonly leave: (follower: Follower) => void
}

class Follower extends Readable {
  readonly #followed: Followed
  #link: Link
  #isHungry = false
  /** Bytes that are there and not taken. */
  lag = 0

  constructor(first: Link, followed: Followed) {
    super()
    this.#link = first
    this.#followed = followed
  }

  /** There is more, or the end has come. */
  more(bytes: number): void {
    if (this.#isHungry) this._read()
    else this.lag += bytes
  }

  override _read(): void {
    this.#isHungry = false
    while (this.#link.next !== undefined) {
      this.#link = this.#link.next
      this.lag = Math.max(0, this.lag - this.#link.chunk.length)
      if (!this.push(this.#link.chunk)) return
    }
    const end = this.#followed.end()
    if (end === 'whole') this.push(null)
    else if (end !== 'open') this.destroy(end)
    else {
      this.#isHungry = true
      this.#followed.resume()
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#followed.leave(this)
    callback(error)
  }
}
