import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Answer } from '../core/answer.ts'
import type { Exchange, Timeouts } from '../core/exchange.ts'
import type { Fields } from '../core/headers.ts'
import { Rejection, reject } from '../core/rejection.ts'
import { type AnswerHead, readHead } from './answer-head.ts'
import type { Deadlines, Timed } from './deadlines.ts'
import { failureOf } from './failure.ts'
import type { Relocate } from './public-location.ts'
import type { Connection, Target, Waiting } from './target.ts'

export const defaultTimeouts: Timeouts = { connect: 2_000, firstByte: 15_000, idle: 30_000, total: 30_000 }

/** Answers up to this many bytes are handed over whole; longer and unsized ones are streamed. */
const wholeUpTo = 64 * 1024
/** With undici's default of 64 KiB, pausing and resuming stalled under load. */
const highWaterMark = 256 * 1024

type Phase = 'connect' | 'send' | 'wait' | 'receive' | 'over'

/** One request on its way to a target, and its answer on the way back. */
export class Call implements Dispatcher.DispatchHandler, Timed, Waiting {
  readonly answer: Promise<Answer>
  readonly #exchange: Exchange
  readonly #target: Target
  readonly #path: string
  readonly #method: string
  readonly #relocate: Relocate
  readonly #deadlines: Deadlines
  readonly #timeouts: Timeouts
  readonly #startedAt = performance.now()
  #resolve!: (answer: Answer) => void
  #reject!: (rejection: Rejection) => void
  #connection: Connection | undefined
  #controller: Dispatcher.DispatchController | undefined
  #phase: Phase = 'connect'
  #activeAt = this.#startedAt
  #retried = false
  #sent = 0
  #head: AnswerHead | undefined
  #chunks: Buffer[] = []
  #stream: Readable | undefined

  constructor(
    exchange: Exchange,
    target: Target,
    path: string,
    method: string,
    relocate: Relocate,
    deadlines: Deadlines,
  ) {
    this.#exchange = exchange
    this.#target = target
    this.#path = path
    this.#method = method
    this.#relocate = relocate
    this.#deadlines = deadlines
    this.#timeouts = exchange.timeouts ?? defaultTimeouts
    this.answer = new Promise((resolve, fail) => {
      this.#resolve = resolve
      this.#reject = fail
    })
    exchange.onAbort = () => this.#giveUp(reject('bad-request', { cause: 'the client went away' }))
    deadlines.add(this)
    target.acquire(this)
  }

  start(connection: Connection): void {
    this.#connection = connection
    const { body, headers } = this.#exchange
    const forwarded = body.forwarded
    const streamedLength = forwarded instanceof Readable ? body.declaredLength : undefined
    connection.client.dispatch(
      {
        path: this.#path,
        method: this.#method as Dispatcher.HttpMethod,
        headers: streamedLength === undefined ? headers : [...headers, 'Content-Length', String(streamedLength)],
        body: forwarded,
      },
      this,
    )
  }

  refuse(): void {
    this.#fail(reject('service-unavailable', { headers: ['Retry-After', '1'], cause: 'too many requests wait' }))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#target.connected()
    this.#enter('send')
  }

  onBodySent(chunk: Buffer): void {
    this.#activeAt = performance.now()
    this.#sent += chunk.length
    if (this.#sent > this.#exchange.body.limit) this.#giveUp(reject('content-too-large'))
  }

  onRequestSent(): void {
    this.#enter('wait')
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) {
      if (status === 101) this.#giveUp(reject('upstream-malformed', { cause: 'an upgrade nobody asked for' }))
      return
    }
    this.#exchange.upstreamMs = performance.now() - this.#startedAt
    this.#enter('receive')
    const head = readHead(controller.rawHeaders as Buffer[], this.#exchange, this.#relocate)
    this.#head = head
    const hasNoBody = this.#method === 'HEAD' || status === 204 || status === 304 || head.length === 0
    if (hasNoBody || (head.length !== undefined && head.length <= wholeUpTo)) {
      head.status = status
      return
    }
    this.#stream = this.#streamed(controller)
    this.#resolve({ status, headers: this.#withLength(head), body: this.#stream })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stream === undefined) {
      this.#chunks.push(chunk)
      return
    }
    this.#activeAt = performance.now()
    if (!this.#stream.push(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    this.#finish()
    this.#target.release(this.#connection!)
    if (this.#stream !== undefined) {
      this.#stream.push(null)
      return
    }
    const head = this.#head!
    const chunks = this.#chunks
    // For HEAD and 304 the length speaks of what GET would have sent (RFC 9110 §8.6): it stays.
    const body = chunks.length === 0 ? null : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    this.#resolve({ status: head.status, headers: body === null ? this.#withLength(head) : head.fields, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#phase === 'over') return
    const isUnsent = this.#phase === 'connect'
    if (isUnsent) this.#target.failedToConnect()
    else if (this.#mayRetry(error)) {
      this.#retry()
      return
    }
    this.#fail(error instanceof Rejection ? error : failureOf(error, isUnsent))
  }

  check(now: number): void {
    const { connect, firstByte, idle, total } = this.#timeouts
    const quiet = now - this.#activeAt
    const isOver =
      (this.#phase === 'connect' && connect > 0 && quiet > connect) ||
      (this.#phase === 'send' && idle > 0 && quiet > idle) ||
      (this.#phase === 'wait' && firstByte > 0 && quiet > firstByte) ||
      (this.#phase === 'receive' && idle > 0 && quiet > idle && !this.#isHeldBack()) ||
      (this.#stream === undefined && this.#phase !== 'send' && total > 0 && now - this.#startedAt > total)
    if (!isOver) return
    if (this.#phase === 'connect') this.#target.failedToConnect()
    this.#giveUp(reject('gateway-timeout', { cause: `timeout in phase ${this.#phase}` }))
  }

  /** A client that reads slowly is no fault of the upstream. */
  #isHeldBack(): boolean {
    return this.#controller?.paused === true
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    this.#activeAt = performance.now()
  }

  #streamed(controller: Dispatcher.DispatchController): Readable {
    return new Readable({
      highWaterMark,
      read: () => controller.resume(),
      destroy: (error, done) => {
        if (this.#phase !== 'over') this.#giveUp(reject('bad-request', { cause: 'nobody reads the answer any more' }))
        done(error)
      },
    })
  }

  #withLength(head: AnswerHead): Fields {
    if (head.length !== undefined) head.fields.push('Content-Length', String(head.length))
    return head.fields
  }

  /** RFC 9112 §9.3.1: a kept connection may close just as it is used; nothing was answered, so asking again is safe. */
  #mayRetry(error: Error): boolean {
    const code = (error as NodeJS.ErrnoException).code
    return (
      !this.#retried &&
      (this.#phase === 'wait' || this.#phase === 'send') &&
      this.#connection!.served > 0 &&
      (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') &&
      ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(this.#method) &&
      !(this.#exchange.body.forwarded instanceof Readable)
    )
  }

  #retry(): void {
    this.#retried = true
    this.#enter('connect')
    const broken = this.#connection!
    this.#connection = undefined
    this.#target.discard(broken)
    this.#target.acquireFresh(this)
  }

  /** Ends the call before the upstream does; the connection is closed with it. */
  #giveUp(rejection: Rejection): void {
    if (this.#phase === 'over') return
    if (this.#connection === undefined) this.#target.forget(this)
    this.#fail(rejection)
  }

  #fail(rejection: Rejection): void {
    this.#finish()
    if (this.#connection !== undefined) this.#target.discard(this.#connection)
    if (this.#stream !== undefined) this.#stream.destroy(rejection)
    this.#reject(rejection)
  }

  #finish(): void {
    this.#phase = 'over'
    this.#deadlines.delete(this)
    this.#exchange.onAbort = undefined
  }
}
