import type { Duplex, Readable } from 'node:stream'
import type { FieldBlock } from './field-block.ts'
import type { Fields } from './headers.ts'
import { reject } from './rejection.ts'

/** What a response carries: nothing, text, bytes, or a stream of bytes that nobody has read yet. */
export type AnswerBody = null | string | Buffer | Readable

/** A streamed body that may end with trailer fields (RFC 9110 §6.5); they are known once it has ended. */
export type TrailedBody = Readable & { trailers?: Fields }

/** A response on its way to the client. `headers` holds end-to-end fields only; framing is the server's business. */
export interface Answer {
  status: number
  headers: Fields
  body: AnswerBody
  /** The fields made ready for the wire, for as long as nobody has altered them. */
  block?: FieldBlock
  /** The body made ready for the wire; for as long as its bytes are the body. */
  text?: BodyText
  /** With 101: the upstream's connection, which has left HTTP. */
  tunnel?: Duplex
}

/** Bytes, and the text in which each of them is a character (latin1). */
export interface BodyText {
  readonly bytes: Buffer
  readonly text: string
}

/** True for a body that is still on the wire. */
export function isStreamed(body: AnswerBody): body is Readable {
  return body !== null && typeof body === 'object' && !Buffer.isBuffer(body)
}

/**
 * The whole body in memory; `answer.body` is replaced by it, so that it is read once however many policies look at it.
 * @param limit bytes; a longer body is given up and becomes a 502, so that no answer can exhaust the memory
 */
export async function readAnswer(answer: Answer, limit: number): Promise<Buffer> {
  const { body } = answer
  if (body === null) return Buffer.alloc(0)
  if (typeof body === 'string') return Buffer.from(body)
  if (Buffer.isBuffer(body)) {
    if (body.length > limit) throw reject('upstream-too-large')
    return body
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += (chunk as Buffer).length
    if (size > limit) {
      body.destroy()
      throw reject('upstream-too-large')
    }
    chunks.push(chunk as Buffer)
  }
  const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
  answer.body = whole
  return whole
}
