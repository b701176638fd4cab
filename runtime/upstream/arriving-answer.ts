import type { Answer } from '../core/answer.ts'
import type { Fields } from '../core/headers.ts'
import { type AnswerHead, endToEndTrailers } from './answer-head.ts'
import { wholeUpTo } from './connection.ts'
import { Download } from './download.ts'

/** An upstream's answer from its head on: kept until it is whole, or handed on while it comes. */
export class ArrivingAnswer {
  readonly #head: AnswerHead
  readonly #isBodiless: boolean
  #chunks: Buffer[] | undefined = undefined
  #download: Download | undefined = undefined

  constructor(head: AnswerHead, method: string) {
    this.#head = head
    this.#isBodiless = method === 'HEAD' || head.status === 204 || head.status === 304
  }

  get isStreamed(): boolean {
    return this.#download !== undefined
  }

  /** Whether its length says that it is too long to be kept. */
  get isLong(): boolean {
    return !this.#isBodiless && this.#head.length !== undefined && this.#head.length > wholeUpTo
  }

  /** Whether nothing says how long it is. */
  get isUnsized(): boolean {
    return !this.#isBodiless && this.#head.length === undefined
  }

  /** @returns whether there is room for more; false only for what is streamed */
  take(bytes: Buffer): boolean {
    if (this.#download !== undefined) return this.#download.push(bytes)
    if (this.#chunks === undefined) this.#chunks = [bytes]
    else this.#chunks.push(bytes)
    return true
  }

  /**
   * From now on it is handed on as it comes.
   * @param resume told when there is room again
   * @param abandon told when nobody wants the rest, or it has ended
   */
  stream(resume: () => void, abandon: () => void): Answer {
    const { status, fields, length, trailer } = this.#head
    const download = new Download(resume, abandon)
    this.#download = download
    for (const chunk of this.#chunks ?? []) download.push(chunk)
    this.#chunks = undefined
    if (length !== undefined) fields.push('Content-Length', String(length))
    else if (trailer !== '') fields.push('Trailer', trailer)
    return { status, headers: fields, body: download }
  }

  /** All of what is streamed has come. */
  end(trailers: Fields): void {
    this.#download!.trailers = endToEndTrailers(trailers)
    this.#download!.push(null)
  }

  /** All of what was kept. */
  whole(): Answer {
    const { status, fields, length } = this.#head
    const chunks = this.#chunks
    const body = chunks === undefined ? null : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    // RFC 9110 §8.6: for HEAD and 304 the length speaks of what GET would have sent.
    if (body === null && length !== undefined) fields.push('Content-Length', String(length))
    return { status, headers: fields, body }
  }

  /** It will not come to its end. */
  breakOff(failure: Error): void {
    this.#download?.destroy(failure)
  }
}
