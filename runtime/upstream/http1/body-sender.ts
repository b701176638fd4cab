import type { Socket } from 'node:net'
import type { Caller } from '../connection.ts'
import { TransportError } from '../transport-error.ts'
import type { Upload } from '../upload.ts'

/**
 * Sends a request whose body is still on the wire, as fast as the upstream takes it. The head goes out with the first bytes:
 * until then a client that breaks off leaves nothing behind.
 */
export class BodySender {
  #socket: Socket | undefined = undefined
  #head = ''
  readonly #body: Upload
  /** Bytes that were announced; undefined: it goes in chunks. */
  readonly #length: number | undefined
  readonly #caller: Caller
  readonly #fail: (error: Error) => void
  #sent = 0
  /** Whether anything has gone out. */
  hasBegun = false
  isDone = false

  /** @param fail told when the body breaks off, even before there is a connection */
  constructor(body: Upload, length: number | undefined, caller: Caller, fail: (error: Error) => void) {
    this.#body = body
    this.#length = length
    this.#caller = caller
    this.#fail = fail
    body.once('error', fail)
  }

  /** @param head without the length and the empty line */
  start(socket: Socket, head: string): void {
    this.#socket = socket
    this.#head = head
    socket.on('drain', this.#drained)
    this.#body.on('data', this.#take)
    this.#body.once('end', this.#finish)
  }

  /** Lets go of the body, whether it has gone out or not. */
  stop(): void {
    this.#socket?.off('drain', this.#drained)
    this.#body.off('data', this.#take)
    this.#body.off('end', this.#finish)
    this.#body.off('error', this.#fail)
    // It may still be told that its source broke off.
    this.#body.on('error', () => {})
    this.#body.destroy()
  }

  readonly #drained = (): void => {
    this.#body.resume()
  }

  readonly #take = (chunk: Buffer): void => {
    if (chunk.length === 0) return
    const length = this.#length
    if (length !== undefined && this.#sent + chunk.length > length) {
      this.#fail(mismatch())
      return
    }
    const socket = this.#socket!
    socket.cork()
    if (this.#sent === 0) socket.write(this.#head + framing(length), 'latin1')
    this.hasBegun = true
    this.#sent += chunk.length
    if (length === undefined) socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
    let takesMore = socket.write(chunk)
    if (length === undefined) takesMore = socket.write('\r\n', 'latin1')
    socket.uncork()
    if (!takesMore) this.#body.pause()
    this.#caller.onBodySent()
  }

  readonly #finish = (): void => {
    const length = this.#length
    if (length !== undefined && this.#sent !== length) {
      this.#fail(mismatch())
      return
    }
    this.hasBegun = true
    if (this.#sent === 0) this.#socket!.write(`${this.#head}content-length: 0\r\n\r\n`, 'latin1')
    else if (length === undefined) this.#socket!.write('0\r\n\r\n', 'latin1')
    this.isDone = true
    this.#caller.onSent()
  }
}

function framing(length: number | undefined): string {
  return length === undefined ? 'transfer-encoding: chunked\r\n\r\n' : `content-length: ${length}\r\n\r\n`
}

/** A server would take what is missing from the next request, and what is too much for one. */
function mismatch(): TransportError {
  return new TransportError('unsendable', 'the body is not as long as was announced')
}
