import type { Duplex } from 'node:stream'
import type { Answer } from '../core/answer.ts'
import type { Abortable, Exchange, Timeouts } from '../core/exchange.ts'
import type { Fields } from '../core/headers.ts'
import type { ProblemKind } from '../core/problem.ts'
import { Rejection, reject } from '../core/rejection.ts'
import type { AnswerHead } from './answer-head.ts'
import { ArrivingAnswer } from './arriving-answer.ts'
import { type Caller, type Connection, wholeUpTo } from './connection.ts'
import { type Departing, departAtEndOfTurn } from './end-of-turn.ts'
import { failureOf, faultOf } from './failure.ts'
import { overdue, type Phase, type Progress } from './overdue.ts'
import type { Relocate } from './public-location.ts'
import type { Target, Waiting } from './target.ts'
import type { TransportFault } from './transport-error.ts'
import { Upload } from './upload.ts'

export const defaultTimeouts: Timeouts = { connect: 2_000, firstByte: 15_000, idle: 30_000, total: 30_000 }

/** Interim answers are passed on as they come, whether the client reads them or not: so there is an end to them. */
const mostInterims = 100

/** RFC 9110 §9.2.2: what may be sent again when nothing says whether it was received. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** One request on its way to a target, and its answer on the way back. */
export class Call implements Caller, Waiting, Abortable, Progress, Departing {
  readonly answer: Promise<Answer>
  phase: Phase = 'reading'
  readonly startedAt: number
  activeAt: number
  readonly #exchange: Exchange
  readonly #target: Target
  readonly #path: string
  readonly #method: string
  readonly #relocate: Relocate
  readonly #headers: Fields
  readonly #timeouts: Timeouts
  #resolve!: (answer: Answer) => void
  #reject!: (rejection: Rejection) => void
  #connection: Connection | undefined = undefined
  #isRetried = false
  /** Set once no connection was there at once. */
  #hasWaited = false
  #upload: Upload | undefined = undefined
  #interims = 0
  #arriving: ArrivingAnswer | undefined = undefined
  #whole: Answer | undefined = undefined

  /** @param headers what is sent: those of the exchange, with the service's own credential where it has one */
  constructor(exchange: Exchange, target: Target, path: string, method: string, relocate: Relocate, headers: Fields) {
    this.#exchange = exchange
    this.#target = target
    this.#path = path
    this.#method = method
    this.#relocate = relocate
    this.#headers = headers
    this.#timeouts = exchange.timeouts ?? defaultTimeouts
    this.startedAt = this.activeAt = performance.now()
    this.answer = new Promise((resolve, fail) => {
      this.#resolve = resolve
      this.#reject = fail
    })
    exchange.underway = this
    const { body } = exchange
    // Short bodies are read first: a slow client then holds no connection, and a broken one can be tried again.
    if (body.isPresent && body.buffered === undefined && (body.declaredLength ?? Infinity) <= wholeUpTo) {
      body.bytes().then(
        () => this.#ask(),
        (failure) => this.#fail(failure),
      )
    } else {
      this.#ask(this.startedAt)
    }
  }

  start(connection: Connection): void {
    this.#connection = connection
    this.phase = 'connecting'
    // Reading the clock is not free: a connection that was there at once has taken no time.
    if (this.#hasWaited) this.activeAt = performance.now()
    const { body: given, wantsTunnel: opensTunnel } = this.#exchange
    const { forwarded } = given
    const isWhole = forwarded === null || Buffer.isBuffer(forwarded)
    const body = isWhole ? forwarded : new Upload(forwarded, given.limit)
    const length = isWhole ? undefined : given.declaredLength
    if (body instanceof Upload) this.#upload = body
    connection.ask({ path: this.#path, method: this.#method, headers: this.#headers, body, length, opensTunnel }, this)
  }

  refuse(): void {
    this.#fail(reject('service-unavailable', { headers: ['Retry-After', '1'], cause: 'too many requests wait' }))
  }

  onSending(): void {
    this.#target.connected()
    this.phase = this.#upload === undefined ? 'sent' : 'sending'
    if (this.#hasWaited) this.activeAt = performance.now()
  }

  onBodySent(): void {
    if (this.phase === 'sending') this.activeAt = performance.now()
  }

  onSent(): void {
    if (this.phase === 'sending') this.#enter('sent')
  }

  onInterim(head: AnswerHead): void {
    if (++this.#interims > mostInterims) this.#giveUp('upstream-malformed', 'a flood of interim answers')
    else if (head.status !== 100) {
      head.relocate(this.#relocate, this.#exchange)
      this.#exchange.interim?.sendInterim(head.status, head.fields)
    }
  }

  onHead(head: AnswerHead): void {
    this.#receive(head)
    const arriving = new ArrivingAnswer(head, this.#method)
    this.#arriving = arriving
    if (arriving.isLong) this.#stream(arriving)
  }

  onTunnel(head: AnswerHead, socket: Duplex): void {
    if (!head.isWebSocket) {
      socket.destroy()
      this.#giveUp('upstream-malformed', 'an upgrade to another protocol')
      return
    }
    this.#receive(head)
    this.#finish()
    this.#target.discard(this.#connection!)
    this.#resolve({ status: head.status, headers: head.fields, body: null, tunnel: socket })
  }

  onBody(bytes: Buffer): void {
    if (!this.#arriving!.take(bytes)) this.#connection!.pause()
  }

  onPart(): void {
    const arriving = this.#arriving!
    this.activeAt = performance.now()
    // A body without a length may have come whole with its head; this one has not.
    if (arriving.isUnsized && !arriving.isStreamed) this.#stream(arriving)
  }

  onEnd(trailers: Fields): void {
    const connection = this.#connection!
    const arriving = this.#arriving!
    this.#finish()
    if (arriving.isStreamed) arriving.end(trailers)
    else {
      this.#whole = arriving.whole()
      departAtEndOfTurn(this)
    }
    this.#target.release(connection)
  }

  depart(): void {
    this.#resolve(this.#whole!)
  }

  onFailure(error: Error): void {
    if (this.phase === 'over') return
    const fault = faultOf(error)
    if (fault === 'unreachable') this.#target.failedToConnect()
    if (this.#mayRetry(fault)) this.#retry()
    else this.#fail(error instanceof Rejection ? error : failureOf(error))
  }

  /** The client went away. */
  abort(): void {
    this.#giveUp('bad-request', 'the client went away')
  }

  check(now: number): void {
    const why = overdue(this, this.#timeouts, now)
    if (why === undefined) return
    if (this.phase === 'waiting') this.refuse()
    else {
      if (this.phase === 'connecting') this.#target.failedToConnect()
      this.#giveUp('gateway-timeout', why)
    }
  }

  get opensTunnel(): boolean {
    return this.#exchange.wantsTunnel
  }

  get isStreamed(): boolean {
    return this.#arriving?.isStreamed === true || this.#upload !== undefined
  }

  get isHeldBack(): boolean {
    return this.phase === 'sending' ? this.#upload!.readableLength === 0 : this.#connection?.isPaused === true
  }

  #ask(now = performance.now()): void {
    if (this.phase === 'over') return
    this.phase = 'waiting'
    this.activeAt = now
    this.#target.acquire(this)
    this.#hasWaited = true
  }

  #enter(phase: Phase): void {
    this.phase = phase
    this.activeAt = performance.now()
  }

  #receive(head: AnswerHead): void {
    this.#enter('receiving')
    this.#exchange.upstreamMs = this.activeAt - this.startedAt
    head.relocate(this.#relocate, this.#exchange)
  }

  #stream(arriving: ArrivingAnswer): void {
    const connection = this.#connection!
    const answer = arriving.stream(
      () => {
        if (this.phase !== 'receiving') return
        // However long the client has held it back: from here on it is the upstream's turn.
        if (connection.isPaused) this.activeAt = performance.now()
        connection.resume()
      },
      () => this.#giveUp('bad-request', 'nobody reads the answer any more'),
    )
    this.#resolve(answer)
  }

  /** RFC 9112 §9.3.1: a kept connection may close just as it is used; nothing was answered, so asking again is safe. */
  #mayRetry(fault: TransportFault | undefined): boolean {
    if (this.#isRetried) return false
    if (fault === 'stale') return this.#upload === undefined || this.#upload.isUntouched
    const isRepeatable = this.#upload === undefined && idempotent.has(this.#method)
    return fault === 'broken' && this.#connection!.served > 0 && isRepeatable
  }

  #retry(): void {
    this.#isRetried = true
    const broken = this.#connection!
    this.#connection = this.#upload = undefined
    this.#enter('waiting')
    this.#target.discard(broken)
    this.#target.acquireFresh(this)
  }

  /** Ends the call before the upstream does; the connection is closed with it. */
  #giveUp(kind: ProblemKind, cause: string): void {
    if (this.phase !== 'over') this.#fail(reject(kind, { cause }))
  }

  #fail(rejection: Rejection): void {
    const connection = this.#connection
    this.#exchange.upstreamMs ??= performance.now() - this.startedAt
    this.#finish()
    if (connection === undefined) this.#target.forget(this)
    else this.#target.discard(connection)
    this.#upload?.destroy()
    this.#arriving?.breakOff(rejection)
    this.#reject(rejection)
  }

  #finish(): void {
    this.phase = 'over'
    this.#exchange.underway = undefined
  }
}
