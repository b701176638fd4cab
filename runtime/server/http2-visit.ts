import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { Answer } from '../core/answer.ts'
import type { ClientCertificate } from '../core/client-certificate.ts'
import { type Patience, slowestRate, type TurnConnection } from './client-connection.ts'
import type { Client } from './client-sight.ts'
import type { Http2Connection } from './http2-connection.ts'
import { Http2Content } from './http2-content.ts'
import { Http2Request, Http2Response } from './http2-message.ts'
import type { Reply } from './respond.ts'
import { respondHttp2 } from './respond-http2.ts'
import { type Reception, Turn } from './turn.ts'

/** How many times as long as a body may stand still on its way in, a piece of an answer may stand still on its way out. */
const patienceOut = 6

/** A stream of an HTTP/2 connection: a request and its answer. */
export class Http2Visit implements TurnConnection {
  /** Of a stream nothing follows: there is nothing to close. */
  isClosing = false
  readonly via = '2.0 specgate'
  readonly #connection: Http2Connection
  readonly #stream: ServerHttp2Stream
  readonly #content: Http2Content | undefined
  readonly #turn: Turn
  #windowStart = 0
  #sizeAtStart = 0
  #stalledSince = 0
  #stalledAt = 0

  constructor(
    reception: Reception,
    connection: Http2Connection,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    raw: readonly string[],
  ) {
    this.#connection = connection
    this.#stream = stream
    const request = new Http2Request(stream, headers, raw, connection.socket)
    this.#content = stream.endAfterHeaders ? undefined : new Http2Content(stream)
    if (this.#content === undefined) stream.resume()
    // The members that a turn uses of a message are there; the rest of node:http's class is its way of reading HTTP/1.
    this.#turn = new Turn(
      reception,
      this,
      request as unknown as IncomingMessage,
      new Http2Response(stream) as unknown as ServerResponse,
      this.#content ?? stream,
    )
  }

  get socket(): TLSSocket {
    return this.#connection.socket
  }

  get client(): Client | undefined {
    return this.#connection.client
  }

  set client(client: Client | undefined) {
    this.#connection.client = client
  }

  get certificate(): ClientCertificate | undefined {
    return this.#connection.certificate
  }

  begin(): void {
    this.#turn.begin()
  }

  gone(): void {
    this.#turn.gone()
  }

  leave(): void {}

  respond(reply: Reply, answer: Answer, _close: boolean, done: (isComplete: boolean) => void): void {
    respondHttp2(this.#stream, reply, answer, done)
  }

  /** Looked at about once a second. */
  check(now: number, patience: Patience): void {
    this.#checkContent(now, patience)
    this.#checkAnswer(now, patience)
  }

  #checkContent(now: number, { body }: Patience): void {
    const content = this.#content
    if (content === undefined || !this.#turn.isReceiving) {
      this.#windowStart = 0
    } else if (this.#windowStart === 0) {
      this.#windowStart = now
      this.#sizeAtStart = content.size
    } else if (now - this.#windowStart >= body) {
      if (content.size - this.#sizeAtStart < (slowestRate * body) / 1000) this.#turn.tooSlow()
      this.#windowStart = 0
    }
  }

  /** The client has opened no window for what is due to it, or reads nothing any more. */
  #checkAnswer(now: number, { body }: Patience): void {
    const due = this.#stream.writableLength
    if (due === 0 || due !== this.#stalledAt) {
      this.#stalledAt = due
      this.#stalledSince = now
    } else if (now - this.#stalledSince >= patienceOut * body) {
      this.#stream.close(constants.NGHTTP2_CANCEL)
    }
  }
}
