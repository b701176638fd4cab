import type { Fields } from '../../core/headers.ts'
import { AnswerHead } from '../answer-head.ts'
import { TransportError } from '../transport-error.ts'
import { type Findings, inputSize, ResponseParser } from './llhttp.ts'

/** Cookies and policies of large sites: more than Node's own 16 KiB. */
const longestHead = 64 * 1024
/** Of the bytes at hand, so many are shown to the parser at a time while it looks for the end of a head: most have none of the body. */
const headStep = 4 * 1024
/** How an answer may begin beside `HTTP/1.`: the parser also lets RTSP and HTTP/0.9 pass. */
const otherBegin = /^[\r\n]*HTTP\/[12]\./

const none: Fields = []

/**
 * Reads the heads and chunks of one connection's answers. The parser says where things stand; text is made of a head once, when
 * all of it is there, and cut by what the parser said.
 */
export class AnswerReader implements Findings {
  /** Whether the connection may stay, as far as the last head goes. */
  keepsAlive = false
  /** Whether the answer with the last head changes the protocol. */
  isUpgrade = false
  /** Where pieces of the body begin and end, in turn, in the bytes last given to {@link takeChunks}. */
  readonly pieces: number[] = []
  /** Whether the last chunk and what follows it have come. */
  hasEnded = false
  readonly #parser = new ResponseParser(this)
  #hasHead = false
  #status = 0
  /** What has come of a head, or since trailers have begun. */
  #text = ''
  /** Where names and values begin and end in the text, in turn; what stands behind `#marked` is of earlier heads. */
  #marks: number[] = []
  #marked = 0
  /** Where in the text the bytes that are looked at will stand. */
  #shift = 0
  /** Where those bytes begin in the bytes that were given. */
  #from = 0

  /** The next byte is the first of an answer. */
  reset(): void {
    this.#parser.reset()
    this.#text = ''
    this.#marked = 0
    this.hasEnded = false
  }

  /**
   * @returns the index behind the head, which {@link head} then gives; -1: all was taken, and it has not ended
   * @throws TransportError `malformed`
   */
  takeHead(bytes: Buffer, from: number, to: number): number {
    this.#hasHead = false
    for (let at = from; at < to; ) {
      const next = this.#execute(bytes, at, Math.min(to, at + headStep))
      this.#text += bytes.toString('latin1', at, next)
      if (this.#text.length > longestHead) throw malformed('its head is too long')
      if (this.#hasHead) return next
      at = next
    }
    return -1
  }

  /** The head that {@link takeHead} has found. */
  head(): AnswerHead {
    const head = new AnswerHead(this.#status)
    const text = this.#text
    const marks = this.#marks
    if (!text.startsWith('HTTP/1.') && !otherBegin.test(text)) throw malformed('it is of another protocol')
    for (let i = 0; i < this.#marked; i += 4) {
      head.take(text.slice(marks[i], marks[i + 1]), text.slice(marks[i + 2], endOfValue(text, marks[i + 3]!)))
    }
    head.finish()
    this.#forget()
    return head
  }

  /** Whether the body goes on until the connection ends (RFC 9112 §6.3). */
  get endsWithConnection(): boolean {
    return this.#parser.endsWithConnection
  }

  /**
   * Takes what is behind a head whose body is chunked; what there is of the body {@link pieces} says.
   * @returns the index behind the last byte that was taken
   * @throws TransportError `malformed`
   */
  takeChunks(bytes: Buffer, from: number, to: number): number {
    this.pieces.length = 0
    const next = this.#execute(bytes, from, Math.min(to, from + inputSize))
    if (this.#marked > 0) this.#text += bytes.toString('latin1', from, next)
    if (this.#text.length > longestHead + inputSize) throw malformed('its trailers are too long')
    return next
  }

  /** What came behind the last chunk. */
  trailers(): Fields {
    if (this.#marked === 0) return none
    const fields: Fields = []
    const text = this.#text
    const marks = this.#marks
    for (let i = 0; i < this.#marked; i += 4) {
      fields.push(text.slice(marks[i], marks[i + 1]), text.slice(marks[i + 2], endOfValue(text, marks[i + 3]!)))
    }
    return fields
  }

  free(): void {
    this.#parser.free()
  }

  onName(at: number, length: number): void {
    this.#mark(0, at, length)
  }

  onValue(at: number, length: number): void {
    this.#mark(2, at, length)
  }

  onHead(status: number, isUpgrade: boolean, keepsAlive: boolean): void {
    this.#status = status
    this.isUpgrade = isUpgrade
    this.keepsAlive = keepsAlive
    this.#hasHead = true
  }

  onBody(at: number, length: number): void {
    this.pieces.push(this.#from + at, this.#from + at + length)
  }

  onEnd(): void {
    this.hasEnded = true
  }

  /** @param part 0 for a name, 2 for a value: a second mark of the same part goes on where the bytes before were cut */
  #mark(part: 0 | 2, at: number, length: number): void {
    const start = this.#shift + at
    const isOnward = this.#marked % 4 !== part
    if (!isOnward) {
      this.#marks[this.#marked] = start
      this.#marked += 2
    }
    this.#marks[this.#marked - 1] = start + length
  }

  #forget(): void {
    this.#text = ''
    this.#marked = 0
    // A very long list would be kept for as long as the connection.
    if (this.#marks.length > 1_000) this.#marks = []
  }

  #execute(bytes: Buffer, from: number, to: number): number {
    this.#shift = this.#text.length
    this.#from = from
    try {
      return this.#parser.execute(bytes, from, to)
    } catch (cause) {
      throw malformed((cause as Error).message)
    }
  }
}

/** Without the white space that does not belong to a value (RFC 9110 §5.5); llhttp leaves out only what stands before. */
function endOfValue(text: string, end: number): number {
  let last = end
  for (let code = text.charCodeAt(last - 1); code === 0x20 || code === 0x09; code = text.charCodeAt(last - 1)) last--
  return last
}

function malformed(why: string): TransportError {
  return new TransportError('malformed', `the answer does not follow HTTP/1.1: ${why}`)
}
