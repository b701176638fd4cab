import { Buffer } from 'node:buffer'
import { Readable } from 'node:stream'
import { type Rejection, reject } from '../../core/rejection.ts'
import { type Converted, convertDocument } from '../../xml/convert.ts'
import { XmlDecoder } from '../../xml/encoding.ts'
import type { Limits } from '../../xml/limits.ts'
import { Malformed, Misfit, TooLarge } from '../../xml/malformed.ts'
import { type LinkedRoot, Transducer } from '../../xml/transducer.ts'
import type { WalkOptions } from '../../xml/walk.ts'

/** JSON up to this many bytes is complete before any of it leaves; what is larger is streamed, and cut off if it breaks. */
const completeLimit = 4 * 1024 * 1024

/** JSON is taken out of the transducer in pieces of about this size. */
const piece = 64 * 1024

/** A document that is all there. @throws Rejection 502 */
export function convertWhole(
  bytes: Uint8Array,
  root: LinkedRoot,
  options: WalkOptions,
  limits: Limits,
  charset: string | undefined,
): Converted {
  try {
    return convertDocument(bytes, root, options, charset, limits)
  } catch (error) {
    throw asRejection(error)
  }
}

/** One document on its way from XML to JSON. */
export class Conversion {
  readonly #decoder: XmlDecoder
  readonly #transducer: Transducer

  constructor(root: LinkedRoot, options: WalkOptions, limits: Limits, charset: string | undefined) {
    this.#decoder = new XmlDecoder(charset)
    this.#transducer = new Transducer(root, options, limits)
  }

  /** Whether it turned out to be a SOAP fault; known when it has ended. */
  get isFault(): boolean {
    return this.#transducer.isFault
  }

  /**
   * Reads a body as it comes. A fault of the document is a rejection as long as nothing has left; after that the stream
   * breaks, so that half a document is never taken for a whole one.
   */
  async stream(body: Readable): Promise<Buffer | Readable> {
    const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    const taken: Buffer[] = []
    let size = 0
    try {
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
        const part = this.#write(next.value)
        if (part === undefined) continue
        taken.push(part)
        size += part.length
        if (size > completeLimit && !this.isFault)
          return Readable.from(this.#rest(taken, chunks, body), { objectMode: false })
      }
      taken.push(this.#end())
    } catch (error) {
      body.destroy()
      throw asRejection(error)
    }
    return taken.length === 1 ? taken[0]! : Buffer.concat(taken)
  }

  async *#rest(taken: readonly Buffer[], chunks: AsyncIterator<Buffer>, body: Readable): AsyncGenerator<Buffer> {
    try {
      yield* taken
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
        const part = this.#write(next.value)
        if (part !== undefined) yield part
      }
      yield this.#end()
    } catch (error) {
      throw asRejection(error)
    } finally {
      body.destroy()
    }
  }

  #write(chunk: Buffer): Buffer | undefined {
    this.#transducer.write(this.#decoder.decode(chunk))
    if (this.#transducer.out.at < piece) return undefined
    const part = this.#transducer.take()
    return part.length === 0 ? undefined : part
  }

  #end(): Buffer {
    this.#transducer.write(this.#decoder.end())
    this.#transducer.end()
    return this.#transducer.finish()
  }
}

/** What is wrong with the answer, for the caller: the place, never the value. */
function asRejection(cause: unknown): Rejection | unknown {
  if (cause instanceof Malformed) {
    return reject('upstream-malformed', {
      detail: 'The XML of the upstream is not well-formed, or not safe to read.',
      cause,
    })
  }
  if (cause instanceof Misfit) {
    const { pointer, message, keyword } = cause
    const detail = 'The XML of the upstream does not fit the declared schema.'
    return reject('upstream-invalid', { detail, errors: [{ pointer, detail: message, keyword }], cause })
  }
  if (cause instanceof TooLarge) return reject('upstream-too-large', { cause })
  return cause
}
