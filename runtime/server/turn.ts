import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { type Answer, isStreamed } from '../core/answer.ts'
import type { Cors } from '../core/cors.ts'
import type { Exchange, InterimSink } from '../core/exchange.ts'
import type { Fields } from '../core/headers.ts'
import type { Operation } from '../core/operation.ts'
import type { ProblemKind } from '../core/problem.ts'
import { reject } from '../core/rejection.ts'
import type { Sentry } from '../core/sentry.ts'
import { askForTunnel } from './ask-for-tunnel.ts'
import type { TurnConnection, Visit } from './client-connection.ts'
import type { ClientSight } from './client-sight.ts'
import { checkHost } from './host.ts'
import { targetOf } from './known-target.ts'
import type { Overload } from './overload.ts'
import { asRejection, problemAnswer } from './problem-answer.ts'
import { answerPreflight, receive, requestIdOf, spendForward } from './receive.ts'
import { type RequestFields, sortFields } from './request-fields.ts'
import { newRequestId } from './request-id.ts'
import type { Router } from './router.ts'

/** What all turns of a server share. */
export interface Reception {
  readonly routes: Router
  /** Which pages may read problems of requests that belong to no operation. */
  readonly cors: Cors | undefined
  readonly sight: ClientSight
  readonly overload: Overload
  /** Who is turned away before anything else is looked at. */
  readonly sentry: Sentry | undefined
  /** Bytes. */
  readonly limits: { readonly headers: number; readonly url: number }
  /** Told of every turn when it is over. */
  readonly observe: (turn: Turn) => void
  /** Told of what was refused before it was a request. */
  readonly onRefusal: (status: number, socket: Socket) => void
  /** Told of every failure that is not a refusal: a fault of ours. */
  readonly onFault: (failure: unknown, turn: Turn) => void
  /** True once the service is on its way out: connections end with their next answer. */
  isDraining: boolean
  /** Turns under way. */
  inFlight: number
}

/** One request of a connection and its answer. */
export class Turn implements Visit, InterimSink {
  readonly request: IncomingMessage & { readonly isTaken?: boolean }
  readonly response: ServerResponse
  /** The bytes of the request's body. */
  readonly content: Readable
  readonly startedAt = performance.now()
  requestId = ''
  /** The client's address, once it is known. */
  client: string | undefined = undefined
  /** Undefined for what was refused before it was routed. */
  exchange: Exchange | undefined = undefined
  /** Set once it was routed, whether it got any further or not. */
  operation: Operation | undefined = undefined
  /** What went out, for those who count and log: 0 while nothing has. */
  status = 0
  /** Bytes of the answer's body; for a streamed one, of everything sent. */
  bytes = 0
  problem: ProblemKind | undefined = undefined
  /** For the log: what stands behind a problem; never sent. */
  cause: unknown = undefined
  /** Whether all of the answer was handed over; false where either side broke off. */
  isComplete = false
  duration = 0
  readonly #reception: Reception
  readonly connection: TurnConnection
  #hasBegun = false
  #isOver = false
  /** Until framing, target and Host are known to be sound, nobody can say where the next request begins or what it asks. */
  #isSound = false
  #isSending = false

  constructor(
    reception: Reception,
    connection: TurnConnection,
    request: IncomingMessage,
    response: ServerResponse,
    content: Readable = request,
  ) {
    this.#reception = reception
    this.connection = connection
    this.request = request
    this.response = response
    this.content = content
  }

  begin(): void {
    if (this.#isOver) return
    this.#hasBegun = true
    this.#reception.inFlight++
    try {
      const answer = this.#handle()
      if (answer instanceof Promise) {
        answer.then(
          (given) => this.#deliver(given),
          (failure) => this.#fail(failure),
        )
      } else {
        this.#deliver(answer)
      }
    } catch (failure) {
      this.#fail(failure)
    }
  }

  get isReceived(): boolean {
    return this.request.complete
  }

  get isReceiving(): boolean {
    const { request, content } = this
    return this.#isSound && !request.complete && (content.readableFlowing === true || request.isTaken === true)
  }

  get isSending(): boolean {
    return this.#isSending
  }

  sendInterim(status: number, headers: Fields): void {
    if (this.#isOver || this.#isSending || this.request.httpVersionMinor === 0) return
    this.response.writeInformation?.(status, headers)
  }

  tooSlow(): void {
    this.#fail(reject('request-timeout', { detail: 'The body came too slowly.' }))
    this.exchange?.underway?.abort()
  }

  gone(): void {
    if (this.#isOver) return
    this.exchange?.underway?.abort()
    if (this.#hasBegun) this.#end(false)
    this.#isOver = true
  }

  #handle(): Answer | Promise<Answer> {
    const { request } = this
    const { routes, sight, limits } = this.#reception
    const { rawHeaders, httpVersionMinor } = request
    const url = request.url!
    if (request.httpVersionMajor !== 1 || httpVersionMinor > 1) throw reject('http-version-not-supported')
    if (url.length > limits.url) throw reject('uri-too-long')
    const sorted = sortFields(rawHeaders, limits.headers)
    if (sorted.isChunked && httpVersionMinor === 0) {
      throw reject('bad-request', { detail: 'HTTP/1.0 knows no Transfer-Encoding.' })
    }
    if (url === '*' && request.method === 'OPTIONS') return this.#options(sorted)
    const target = targetOf(routes, url)
    const host = this.#host(sorted.host, target.authority)
    this.#isSound = true
    const client = sight(this.connection, sorted, host)
    this.requestId = requestIdOf(sorted, client)
    this.client = client.address
    const turnedAway = this.#reception.sentry?.judge(client.address)
    if (turnedAway !== undefined) throw turnedAway
    const tooMuch = this.#reception.overload.judge(this.#reception.inFlight)
    if (tooMuch !== undefined) throw tooMuch
    if (spendForward(request.method!, sorted) === 'answer-here') return this.#options(sorted)
    const preflight = answerPreflight(this, routes, target)
    if (preflight !== undefined) return preflight
    const { exchange, operation } = receive(this, routes, target, sorted, client)
    this.exchange = exchange
    if (this.connection.opensTunnel === true) askForTunnel(exchange, operation, request.headers.origin)
    return operation.handle(exchange)
  }

  /** The authority that is asked for. One connection nearly always asks for one host, which is judged once. */
  #host(host: string | undefined, form: string | undefined): string {
    const before = this.connection.client?.host
    if (before !== undefined && before === host && before !== '' && form === undefined) return before
    return checkHost(host, form, this.request.httpVersionMinor === 0)
  }

  /** RFC 9110 §9.3.7: `OPTIONS *` asks about the server as a whole. */
  #options(sorted: RequestFields): Answer {
    checkHost(sorted.host, undefined, this.request.httpVersionMinor === 0)
    this.#isSound = true
    return { status: 204, headers: ['Allow', this.#reception.routes.methods], body: null }
  }

  #deliver(answer: Answer): void {
    if (this.#isOver || this.#isSending) {
      discard(answer)
      return
    }
    if (this.response.destroyed || this.request.socket.destroyed) {
      discard(answer)
      this.gone()
      return
    }
    const close = !this.#isSound || this.#reception.isDraining
    if (close) this.connection.isClosing = true
    if (this.requestId === '') this.requestId = newRequestId()
    this.status = answer.status
    this.#isSending = true
    try {
      this.connection.respond(this, answer, close, (isComplete) => this.#end(isComplete))
    } catch (failure) {
      this.#isSending = false
      this.#fail(failure)
    }
  }

  #fail(failure: unknown): void {
    if (this.#isOver || this.#isSending) return
    const rejection = asRejection(failure)
    this.problem = rejection.kind
    this.cause = rejection.options.cause
    if (rejection.kind === 'internal-error') this.#reception.onFault(rejection.options.cause, this)
    if (this.response.headersSent) {
      this.response.destroy()
      this.#end(false)
      return
    }
    if (this.requestId === '') this.requestId = newRequestId()
    const answer = problemAnswer(rejection, this.requestId)
    // What was refused before any policy saw it: a page must be able to read that as well.
    if (this.exchange === undefined) {
      const cors = this.operation === undefined ? this.#reception.cors : this.operation.cors
      if (cors !== undefined) answer.headers.push(...cors.fieldsFor(this.request.headers.origin))
    }
    this.#deliver(answer)
  }

  #end(isComplete: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#isSending = false
    this.isComplete = isComplete
    const now = performance.now()
    this.duration = now - this.startedAt
    this.exchange?.end()
    this.#reception.inFlight--
    this.#reception.observe(this)
    this.connection.leave(now)
  }
}

function discard({ body, tunnel }: Answer): void {
  if (isStreamed(body)) body.destroy()
  tunnel?.destroy()
}
