import type { Fields } from '../../core/headers.ts'
import type { AnswerHead } from '../answer-head.ts'
import { type Caller, wholeUpTo } from '../connection.ts'
import { TransportError } from '../transport-error.ts'
import { AnswerReader } from './answer-reader.ts'
import { ReadRoom } from './read-room.ts'

/** A server may close a kept connection at the moment it has said; a request must not be on its way by then. In ms. */
const margin = 1_000
/** Behind a body that is read to its place: what is more than was announced shows itself in the same read. */
const slack = 64

/**
 * - `over`: nothing is due, or all of it has come
 * - `head`: of an interim answer or the final one
 * - `sized`, `chunked`, `unsized`: its body, by its length, in chunks, or until the connection ends (RFC 9112 §6.3)
 * - `tunnel`: the connection has left HTTP
 */
type Stage = 'over' | 'head' | 'sized' | 'chunked' | 'unsized' | 'tunnel'

/** What comes back on one connection: bytes in, word to the caller out. */
export class Incoming {
  readonly room = new ReadRoom()
  stage: Stage = 'over'
  /** Of 101: set with the stage `tunnel`. */
  head: AnswerHead | undefined = undefined
  /** Whether the upstream keeps the connection, as far as it has said. */
  keepsAlive = false
  /** For how long, in ms. */
  longestIdle = Number.POSITIVE_INFINITY
  /** Whether any byte of an answer has come. */
  hasBegun = false
  readonly #reader = new AnswerReader()
  #caller: Caller | undefined = undefined
  #method = ''
  #opensTunnel = false
  /** Bytes of a sized body that are still to come. */
  #left = 0
  /** A body that is read to its place. */
  #whole: Buffer | undefined = undefined

  /** An answer is due. */
  expect(caller: Caller, method: string, opensTunnel: boolean): void {
    this.#caller = caller
    this.#method = method
    this.#opensTunnel = opensTunnel
    this.stage = 'head'
    this.hasBegun = false
    this.#reader.reset()
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#caller = undefined
    this.stage = 'over'
    this.#whole = undefined
    this.room.share()
  }

  /**
   * Takes what was read. The caller may {@link stop} it with every word it is told.
   * @returns the index behind what belongs to the answer; it has ended where the stage is then `over`, and who asked is not told yet
   * @throws TransportError `malformed`
   */
  take(bytes: Buffer, length: number): number {
    this.hasBegun = true
    let at = 0
    while (this.stage === 'head') {
      if (at === length) return at
      at = this.#reader.takeHead(bytes, at, length)
      if (at === -1) return length
      this.#takeHead(this.#reader.head())
    }
    if (this.stage === 'sized') at = this.#takeSized(bytes, at, length)
    else if (this.stage === 'chunked') at = this.#takeChunks(bytes, at, length)
    else if (this.stage === 'unsized') at = this.#takeUnsized(bytes, at, length)
    else return at
    // Reading goes on where it stays.
    if (this.#isUnderWay()) {
      if (this.#whole === undefined) this.room.advance(bytes, length)
      this.#caller?.onPart()
    }
    return at
  }

  /** The connection has ended. @returns whether that is the end of the answer */
  end(): boolean {
    if (this.stage !== 'unsized') return false
    this.stage = 'over'
    return true
  }

  trailers(): Fields {
    return this.#reader.trailers()
  }

  free(): void {
    this.#reader.free()
  }

  #isUnderWay(): boolean {
    return this.#caller !== undefined && this.stage !== 'over'
  }

  #takeHead(head: AnswerHead): void {
    const { status } = head
    if (status < 100) throw malformed('its status is none')
    if (status < 200) this.#takeInterim(head)
    else {
      this.#frame(head)
      this.#caller!.onHead(head)
    }
  }

  #takeInterim(head: AnswerHead): void {
    if (head.status === 101) {
      if (!this.#opensTunnel || !this.#reader.isUpgrade) throw malformed('it is an upgrade nobody asked for')
      this.head = head
      this.stage = 'tunnel'
      return
    }
    this.#reader.reset()
    this.#caller!.onInterim(head)
  }

  /** RFC 9112 §6.3: how the end of the body is found. */
  #frame(head: AnswerHead): void {
    const { status, length, coding } = head
    const reader = this.#reader
    this.keepsAlive = reader.keepsAlive && this.#isKeptLong(head.keepAlive)
    if (this.#method === 'HEAD' || status === 204 || status === 304) {
      // Some send a body nevertheless: what follows cannot be told from it.
      if (this.#method !== 'HEAD' && (coding !== '' || length! > 0)) this.keepsAlive = false
      this.stage = 'sized'
      this.#left = 0
    } else if (coding !== '' && !/^(?:chunked|identity)$/i.test(coding)) {
      throw malformed('nobody asked for its transfer coding')
    } else if (reader.endsWithConnection) {
      this.keepsAlive = false
      this.stage = 'unsized'
    } else if (coding !== '') this.stage = 'chunked'
    else {
      if (!Number.isSafeInteger(length)) throw malformed('its length is impossible')
      this.stage = 'sized'
      this.#left = length!
    }
  }

  #isKeptLong(keepAlive: string): boolean {
    const seconds = keepAlive === '' ? undefined : /timeout=(\d+)/.exec(keepAlive)?.[1]
    this.longestIdle = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000 - margin
    return this.longestIdle > 0
  }

  #takeSized(bytes: Buffer, from: number, length: number): number {
    const taken = Math.min(this.#left, length - from)
    const isBegin = this.#whole === undefined
    this.#left -= taken
    if (isBegin && this.#left > 0 && this.#left + taken <= wholeUpTo && this.room.isShared(bytes)) {
      this.#whole = Buffer.allocUnsafeSlow(taken + this.#left + slack)
      bytes.copy(this.#whole, 0, from, from + taken)
      this.room.fill(this.#whole.subarray(taken))
    } else if (this.#whole === undefined) {
      if (taken > 0) this.#caller!.onBody(this.room.keep(bytes, from, from + taken))
    } else if (this.#left > 0) this.room.fill(bytes.subarray(taken))
    else {
      this.#caller!.onBody(this.#whole.subarray(0, -slack))
      this.#whole = undefined
    }
    if (this.#left === 0) this.#end()
    return from + taken
  }

  #takeChunks(bytes: Buffer, from: number, length: number): number {
    const reader = this.#reader
    let at = from
    while (at < length && this.stage === 'chunked') {
      at = reader.takeChunks(bytes, at, length)
      const { pieces } = reader
      for (let i = 0; i < pieces.length && this.#caller !== undefined; i += 2) {
        this.#caller.onBody(this.room.keep(bytes, pieces[i]!, pieces[i + 1]!))
      }
      if (reader.hasEnded) this.#end()
    }
    return at
  }

  #takeUnsized(bytes: Buffer, from: number, length: number): number {
    if (from < length) this.#caller!.onBody(this.room.keep(bytes, from, length))
    return length
  }

  #end(): void {
    this.stage = 'over'
    this.room.share()
  }
}

function malformed(why: string): TransportError {
  return new TransportError('malformed', `the answer cannot be believed: ${why}`)
}
