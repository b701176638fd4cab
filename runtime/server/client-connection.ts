import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from '../core/answer.ts'
import type { ClientCertificate } from '../core/client-certificate.ts'
import type { Client } from './client-sight.ts'
import { type Reply, respond } from './respond.ts'

/** One request and its answer, as far as its connection needs to know. */
export interface Visit {
  begin(): void
  /** The client has gone away. */
  gone(): void
  /** The client sends its body too slowly. */
  tooSlow(): void
  /** The service is going down: what has no end of its own is asked to come to one. */
  retire?(): void
  /** Whether the whole request has come in. */
  readonly isReceived: boolean
  /** Whether bytes of the request's body are due, and nothing on our side holds them back. */
  readonly isReceiving: boolean
  /** Whether bytes of an answer are due to go out. */
  readonly isSending: boolean
}

/** How long clients may take, in milliseconds. */
export interface Patience {
  /** For a request's head. */
  readonly headers: number
  /** In this time a body must bring {@link slowestRate} bytes per second, and an answer must be read on. */
  readonly body: number
  /** A connection without a request is kept this long. */
  readonly idle: number
}

/** What a turn needs of the connection, or of the stream of one, that it came in on. */
export interface TurnConnection {
  readonly socket: Socket
  client: Client | undefined
  readonly certificate: ClientCertificate | undefined
  /** What `Via` says of requests that come in here; those of HTTP/1.0 are known by the message itself. */
  readonly via: string
  isClosing: boolean
  /** Whether the connection is free to leave HTTP with the answer. */
  readonly opensTunnel?: boolean
  /** @param now of `performance.now()` */
  leave(now: number): void
  respond(reply: Reply, answer: Answer, close: boolean, done: (isComplete: boolean) => void): void
}

/** Bytes per second; the same floor as Kestrel's. */
export const slowestRate = 240
/** A client that sends on without reading answers does not get to fill the memory. */
const mostPipelined = 1_000

/**
 * A client's connection. Requests that arrive together are taken one after the other (RFC 9112 §9.3.2 allows more only
 * for safe ones), so that nothing can overtake.
 */
export class ClientConnection implements TurnConnection {
  readonly socket: Socket
  /** What was last told upstream of this client: the same for every request to the same host. */
  client: Client | undefined
  /** Set where the connection is TLS and the client has shown one. */
  certificate: ClientCertificate | undefined = undefined
  readonly via = '1.1 specgate'
  /** No further request is read: the framing cannot be trusted any more, or the last answer has been promised. */
  isClosing = false
  /** The last request that can be read here, whatever comes in behind it. */
  last: IncomingMessage | undefined = undefined
  #current: Visit | undefined
  #waiting: Visit[] | undefined
  #lastWord: (() => void) | undefined
  #idleSince = performance.now()
  #windowStart = 0
  #bytesAtStart = 0
  #isWindowForReading = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.once('close', () => this.#closed())
    // Node takes its own listeners off where a socket leaves HTTP (CONNECT); an error must not end the process.
    socket.on('error', () => {})
  }

  get isIdle(): boolean {
    return this.#current === undefined
  }

  enter(visit: Visit): void {
    if (this.isClosing) return
    if (this.#current === undefined) {
      this.#take(visit)
      return
    }
    this.#waiting ??= []
    if (this.#waiting.push(visit) > mostPipelined) this.socket.destroy()
  }

  respond(reply: Reply, answer: Answer, close: boolean, done: (isComplete: boolean) => void): void {
    respond(reply, answer, close, done)
  }

  /** The current visit is over. @param now of `performance.now()` */
  leave(now: number): void {
    this.#idleSince = now
    this.#current = undefined
    const next = this.isClosing ? undefined : this.#waiting?.shift()
    if (next !== undefined) this.#take(next)
    else if (this.#lastWord !== undefined) this.#say(this.#lastWord)
  }

  /**
   * What came in is no message: nothing more is read. Answers still due go out first; a request whose own body is
   * broken gets no other answer than this.
   */
  refuse(lastWord: () => void): void {
    const current = this.#current
    if (current === undefined) this.#say(lastWord)
    else if (current.isReceived) this.#lastWord = lastWord
    else if (current.isSending) this.socket.destroy()
    else {
      this.#say(lastWord)
      current.gone()
    }
  }

  #take(visit: Visit): void {
    this.#current = visit
    this.#windowStart = 0
    // Answers that are not read do not pile up: the next request waits until the last answer has gone out.
    if (this.socket.writableNeedDrain) this.socket.once('drain', () => visit.begin())
    else visit.begin()
  }

  #say(lastWord: () => void): void {
    this.isClosing = true
    this.#lastWord = undefined
    lastWord()
  }

  /** Looked at about once a second. */
  check(now: number, patience: Patience): void {
    const { socket } = this
    const visit = this.#current
    const isReading = visit?.isReceiving === true
    if (!isReading && socket.writableLength === 0) {
      this.#windowStart = 0
      if (visit === undefined && now - this.#idleSince > patience.idle) socket.destroy()
      return
    }
    const moved = isReading ? socket.bytesRead : socket.bytesWritten - socket.writableLength
    if (this.#windowStart === 0 || this.#isWindowForReading !== isReading) {
      this.#startWindow(now, moved, isReading)
    } else if (now - this.#windowStart >= patience.body) {
      const due = isReading ? (slowestRate * patience.body) / 1000 : 1
      if (moved - this.#bytesAtStart >= due) this.#startWindow(now, moved, isReading)
      else if (isReading) visit.tooSlow()
      else socket.destroy()
    }
  }

  /** Ends the connection if nothing is under way and nothing has been for `quiet` milliseconds. */
  closeIfIdle(now: number, quiet: number): void {
    if (this.#current !== undefined) this.#current.retire?.()
    else if (now - this.#idleSince >= quiet) this.socket.destroySoon()
  }

  #startWindow(now: number, moved: number, reading: boolean): void {
    this.#windowStart = now
    this.#bytesAtStart = moved
    this.#isWindowForReading = reading
  }

  #closed(): void {
    this.isClosing = true
    this.#waiting = undefined
    this.#current?.gone()
    this.#current = undefined
  }
}
