import type { Readable } from 'node:stream'
import { BodyClaim, uncounted } from './body-budget.ts'
import { isDirectSource } from './direct-source.ts'
import { Rejection, reject } from './rejection.ts'

/**
 * The body of a request. It is streamed to the upstream unless a policy asks for `bytes()`; then it is read once, kept,
 * and forwarded as the very bytes that arrived.
 */
export class RequestBody {
  /** The bytes, once read. Policies that must alter a body (a transform) assign it. */
  buffered: Buffer | undefined
  #source: Readable | undefined
  readonly #limit: number
  /** Bytes the message says it holds; undefined where it is chunked or has no content. */
  readonly declaredLength: number | undefined
  #reading: Promise<Buffer> | undefined
  #ask: (() => void) | undefined
  #claim: BodyClaim | undefined

  /**
   * @param source the bytes on the wire; undefined where the message has no content (RFC 9112 §6.3)
   * @param limit bytes; more is refused with 413
   * @param ask tells a client that waits with its body (`Expect: 100-continue`) to send it; called once it is wanted
   */
  constructor(source: Readable | undefined, limit: number, declaredLength?: number, ask?: () => void) {
    this.#ask = ask
    this.#source = source
    this.#limit = limit
    this.declaredLength = declaredLength
  }

  get isPresent(): boolean {
    return this.#source !== undefined || this.buffered !== undefined
  }

  /** The client waits to be asked for the body, and has not been. */
  get isAwaited(): boolean {
    return this.#ask !== undefined
  }

  get limit(): number {
    return this.#limit
  }

  /** What is forwarded: the bytes where somebody has read them, else the stream itself, else null. */
  get forwarded(): Buffer | Readable | null {
    if (this.buffered !== undefined) return this.buffered
    if (this.#source === undefined) return null
    this.#wanted()
    return this.#source
  }

  /** Puts something between the wire and whoever reads: it hands on what it has judged, and breaks off what it refuses. */
  guard(between: (source: Readable) => Readable): void {
    if (this.#source !== undefined) this.#source = between(this.#source)
  }

  /** Nobody needs the bytes any more. */
  release(): void {
    this.#claim?.release()
  }

  #wanted(): void {
    this.#ask?.()
    this.#ask = undefined
  }

  /** Reads the body once. @throws Rejection 413 past the limit, 503 where all bodies are too much, 400 where the client stops half-way */
  bytes(): Promise<Buffer> {
    // What a policy has put in its place is what the next one reads.
    if (this.buffered !== undefined) return Promise.resolve(this.buffered)
    this.#reading ??= this.#read()
    return this.#reading
  }

  #read(): Promise<Buffer> {
    const source = this.#source
    if (source === undefined) return Promise.resolve(Buffer.alloc(0))
    this.#wanted()
    return new Promise((resolve, fail) => {
      const chunks: Buffer[] = []
      let size = 0
      const stop = (rejection: Rejection): void => {
        if (isDirect) source.letGo()
        source.off('data', take)
        source.off('end', done)
        fail(rejection)
      }
      const take = (chunk: Buffer): void => {
        size += chunk.length
        if (size > this.#limit) stop(reject('content-too-large'))
        else if (size > uncounted && !(this.#claim ??= new BodyClaim()).grow(size)) stop(tooMuch())
        else chunks.push(chunk)
      }
      const done = (): void => {
        this.buffered = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
        resolve(this.buffered)
      }
      const isDirect = isDirectSource(source) && source.giveTo({ take, done })
      if (!isDirect) {
        source.on('data', take)
        source.once('end', done)
      }
      source.once('error', (cause) => {
        stop(cause instanceof Rejection ? cause : reject('bad-request', { detail: 'The body ended early.', cause }))
      })
    })
  }
}

function tooMuch(): Rejection {
  return reject('service-unavailable', {
    detail: 'The service has more to read than it can hold; try again in a moment.',
    headers: ['Retry-After', '1'],
    cause: 'overload: bodies',
  })
}
