import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Answer } from '../core/answer.ts'
import type { Abortable, Exchange, Timeouts } from '../core/exchange.ts'
import { type Fields, withoutField } from '../core/headers.ts'
import type { ProblemKind } from '../core/problem.ts'
import { Rejection, reject } from '../core/rejection.ts'
import { type AnswerHead, type HandedFields, isWebSocket, rawFields, readHead, readTrailers } from './answer-head.ts'
import type { Connection } from './connection.ts'
import { Download } from './download.ts'
import { failureOf, isBrokenConnection, isOurs } from './failure.ts'
import { overdue, type Phase, type Progress } from './overdue.ts'
import type { Relocate } from './public-location.ts'
import type { Target, Waiting } from './target.ts'
import { Upload } from './upload.ts'

export const defaultTimeouts: Timeouts = { connect: 2_000, firstByte: 15_000, idle: 30_000, total: 30_000 }

/** Bodies up to this many bytes are handed over whole, in both directions; longer and unsized ones are streamed. */
const wholeUpTo = 64 * 1024

/** Interim answers are passed on as they come, whether the client reads them or not: so there is an end to them. */
const mostInterims = 100

/** RFC 9110 §9.2.2: what may be sent again when nothing says whether it was received. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** One request on its way to a target, and its answer on the way back. */
export class Call implements Dispatcher.DispatchHandler, Waiting, Abortable, Progress {
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
  #controller: Dispatcher.DispatchController | undefined = undefined
  #isRetried = false
  /** Set once no connection was there at once. */
  #hasWaited = false
  #upload: Upload | undefined = undefined
  #status = 0
  #interims = 0
  #head: AnswerHead | undefined = undefined
  #chunks: Buffer[] = []
  #download: Download | undefined = undefined

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
    connection.awaitsHead = true
    this.phase = 'connecting'
    // Reading the clock is not free: a connection that was there at once has taken no time.
    if (this.#hasWaited) this.activeAt = performance.now()
    const { body } = this.#exchange
    const headers = this.#headers
    let { forwarded } = body
    let sent = headers
    if (forwarded !== null && !Buffer.isBuffer(forwarded)) {
      this.#upload = forwarded = new Upload(forwarded, body.limit)
      if (body.declaredLength !== undefined) sent = [...headers, 'Content-Length', String(body.declaredLength)]
    }
    const options = { path: this.#path, method: this.#method, headers: sent, body: forwarded, blocking: false }
    const asked = this.#exchange.wantsTunnel ? { ...options, upgrade: 'websocket' } : options
    connection.client.dispatch(asked as Dispatcher.DispatchOptions, this)
  }

  refuse(): void {
    this.#fail(reject('service-unavailable', { headers: ['Retry-After', '1'], cause: 'too many requests wait' }))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#target.connected()
    this.#enter(this.#upload === undefined ? 'sent' : 'sending')
  }

  onBodySent(): void {
    if (this.phase === 'sending') this.activeAt = performance.now()
  }

  onRequestSent(): void {
    if (this.phase === 'sending') this.#enter('sent')
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const raw = rawFields(controller.rawHeaders as HandedFields)
    if (status < 200) {
      if (status === 101) this.#giveUp('upstream-malformed', 'an upgrade nobody asked for')
      else if (++this.#interims > mostInterims) this.#giveUp('upstream-malformed', 'a flood of interim answers')
      else this.#exchange.interim?.sendInterim(status, readHead(raw, this.#exchange, this.#relocate).fields)
      return
    }
    this.#connection!.awaitsHead = false
    this.#enter('receiving')
    this.#exchange.upstreamMs = this.activeAt - this.startedAt
    this.#status = status
    const head = readHead(raw, this.#exchange, this.#relocate)
    this.#head = head
    if (this.#method === 'HEAD' || status === 204 || status === 304) return
    if (head.length === undefined) {
      // The whole body may have come with the head; whatever has not by then is streamed as it comes.
      queueMicrotask(() => this.#stream())
    } else if (head.length > wholeUpTo) {
      this.#stream()
    }
  }

  /** The connection is no longer this client's. */
  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, _parsed: unknown, socket: Duplex): void {
    const raw = controller.rawHeaders as Buffer[]
    if (!isWebSocket(raw)) {
      socket.destroy()
      this.#giveUp('upstream-malformed', 'an upgrade to another protocol')
      return
    }
    const connection = this.#connection!
    connection.awaitsHead = false
    this.#enter('receiving')
    this.#exchange.upstreamMs = this.activeAt - this.startedAt
    const { fields } = readHead(raw, this.#exchange, this.#relocate)
    this.#finish()
    this.#target.discard(connection)
    this.#resolve({ status, headers: fields, body: null, tunnel: socket })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.activeAt = performance.now()
    if (this.#download === undefined) this.#chunks.push(chunk)
    else if (!this.#download.push(chunk)) controller.pause()
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const download = this.#download
    if (download !== undefined) {
      download.trailers = readTrailers(rawFields((controller.rawTrailers ?? []) as HandedFields))
      this.#finish()
      download.push(null)
    } else {
      const answer = this.#wholeAnswer()
      this.#finish()
      this.#resolve(answer)
    }
    this.#target.release(this.#connection!)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.phase === 'over') return
    const isUnsent = this.phase === 'connecting'
    if (isUnsent && !isOurs(error)) this.#target.failedToConnect()
    if (this.#mayRetry(error)) this.#retry()
    else this.#fail(error instanceof Rejection ? error : failureOf(error, isUnsent))
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
    return this.#download !== undefined || this.#upload !== undefined
  }

  get isHeldBack(): boolean {
    return this.phase === 'sending' ? this.#upload!.readableLength === 0 : this.#controller?.paused === true
  }

  #ask(now = performance.now()): void {
    if (this.phase === 'over') return
    this.phase = 'waiting'
    this.activeAt = now
    this.#target.acquire(this)
    this.#hasWaited = true
  }

  #wholeAnswer(): Answer {
    const { fields, length } = this.#head!
    const chunks = this.#chunks
    const body = chunks.length === 1 ? chunks[0]! : chunks.length === 0 ? null : Buffer.concat(chunks)
    // RFC 9110 §8.6: for HEAD and 304 the length speaks of what GET would have sent.
    if (body === null && length !== undefined) fields.push('Content-Length', String(length))
    // A whole body is sent with its length, and nothing can follow it.
    return { status: this.#status, headers: length === undefined ? withoutField(fields, 'trailer') : fields, body }
  }

  #enter(phase: Phase): void {
    this.phase = phase
    this.activeAt = performance.now()
  }

  #stream(): void {
    if (this.phase !== 'receiving' || this.#download !== undefined || this.#connection!.isBroken) return
    const controller = this.#controller!
    const { fields, length } = this.#head!
    const download = new Download(
      () => controller.resume(),
      () => this.#giveUp('bad-request', 'nobody reads the answer any more'),
    )
    this.#download = download
    for (const chunk of this.#chunks) download.push(chunk)
    this.#chunks = []
    if (length !== undefined) fields.push('Content-Length', String(length))
    this.#resolve({ status: this.#status, headers: fields, body: download })
  }

  /** RFC 9112 §9.3.1: a kept connection may close just as it is used; nothing was answered, so asking again is safe. */
  #mayRetry(error: Error): boolean {
    return (
      !this.#isRetried &&
      (this.phase === 'sent' || this.phase === 'sending') &&
      this.#connection!.served > 0 &&
      this.#upload === undefined &&
      idempotent.has(this.#method) &&
      isBrokenConnection(error)
    )
  }

  #retry(): void {
    this.#isRetried = true
    const broken = this.#connection!
    this.#connection = this.#controller = undefined
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
    this.#download?.destroy(rejection)
    this.#reject(rejection)
  }

  #finish(): void {
    this.phase = 'over'
    this.#exchange.underway = undefined
  }
}
