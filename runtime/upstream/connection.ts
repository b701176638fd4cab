import type { Duplex } from 'node:stream'
import type { Fields } from '../core/headers.ts'
import type { AnswerHead } from './answer-head.ts'
import type { Upload } from './upload.ts'

/** Bodies up to this many bytes are handed over whole, in both directions; longer and unsized ones are streamed. */
export const wholeUpTo = 64 * 1024

/** Something under way that ends by itself when its time is up. */
export interface Timed {
  /** @param now of `performance.now()` */
  check(now: number): void
}

/** What a connection is asked to send. */
export interface UpstreamRequest {
  readonly method: string
  /** The request target: path and query. */
  readonly path: string
  /** Without framing; without `Host` it is that of the target. */
  readonly headers: Fields
  readonly body: Buffer | Upload | null
  /** What a streamed body says of its length; undefined where it does not. */
  readonly length: number | undefined
  /** Whether it asks to leave HTTP for a WebSocket. */
  readonly opensTunnel: boolean
}

/** Who asked. A connection tells it what happens, in this order; after `onEnd`, `onTunnel` or `onFailure` nothing more. */
export interface Caller {
  /** There is a connection, and the request goes out on it. */
  onSending(): void
  /** A piece of a streamed body has gone out. */
  onBodySent(): void
  /** The request has gone out. Its answer may come before. */
  onSent(): void
  /** An interim answer (RFC 9110 §15.2), other than 101. */
  onInterim(head: AnswerHead): void
  onHead(head: AnswerHead): void
  /** Bytes of the body, for the caller to keep. One whose length is known to be at most {@link wholeUpTo} may come whole. */
  onBody(bytes: Buffer): void
  /** The body has begun to come, and what is at hand has been told. */
  onPart(): void
  /** @param trailers flat, as they came */
  onEnd(trailers: Fields): void
  /** The connection is the caller's from now on, and has left HTTP. */
  onTunnel(head: AnswerHead, socket: Duplex): void
  onFailure(error: Error): void
}

/**
 * One connection to a target, for one request at a time. It connects when it is first asked, and is never made anew: after a
 * fault it is thrown away.
 */
export abstract class Connection {
  /** Answers received: a connection that breaks off at its first use says more than a kept one. */
  served = 0
  /** Who uses it at the moment. */
  user: Timed | undefined = undefined
  /** Made with files that have changed since: it is closed when it is free. */
  isOutdated = false
  /** Until when it may stay idle, of `performance.now()`. */
  idleUntil = 0
  /** Told when it ends while nobody uses it. */
  lost: ((connection: Connection) => void) | undefined = undefined

  /** Whether another request may follow. */
  abstract readonly isReusable: boolean
  /** Milliseconds it may stay idle as the other side has said. */
  abstract readonly longestIdle: number
  /** Whether it has been told to read no more. */
  abstract readonly isPaused: boolean
  abstract ask(request: UpstreamRequest, caller: Caller): void
  /** Reads no more of a body until {@link resume}. */
  abstract pause(): void
  abstract resume(): void
  /** Closes it in whatever state it is; nobody is told. */
  abstract destroy(): void
}
