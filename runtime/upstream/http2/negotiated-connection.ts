import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { type Caller, Connection, type UpstreamRequest } from '../connection.ts'
import { Http1Connection } from '../http1/http1-connection.ts'
import { TransportError } from '../transport-error.ts'
import { Http2Connection } from './http2-connection.ts'
import { chosenProtocol } from './sockets-for.ts'

/** A connection that speaks what the upstream has chosen: HTTP/2, or HTTP/1.1 like any other. */
export class NegotiatedConnection extends Connection {
  readonly #origin: URL
  readonly #connect: buildConnector.connector
  #chosen: Connection | undefined = undefined
  #isGone = false

  constructor(origin: string, connect: buildConnector.connector) {
    super()
    this.#origin = new URL(origin)
    this.#connect = connect
  }

  get isReusable(): boolean {
    return this.#chosen?.isReusable === true
  }

  get isPaused(): boolean {
    return this.#chosen?.isPaused === true
  }

  get longestIdle(): number {
    return this.#chosen?.longestIdle ?? Number.POSITIVE_INFINITY
  }

  ask(request: UpstreamRequest, caller: Caller): void {
    if (this.#chosen !== undefined) {
      this.#chosen.ask(request, caller)
      return
    }
    // The body may break off before there is a connection.
    let isOver = false
    const fail = (error: Error): void => {
      if (isOver) return
      isOver = true
      caller.onFailure(error)
    }
    const body = request.body !== null && !Buffer.isBuffer(request.body) ? request.body : undefined
    body?.once('error', fail)
    const { protocol, hostname, port, host } = this.#origin
    this.#connect({ hostname, host, protocol, port }, (...[error, socket]) => {
      body?.off('error', fail)
      if (this.#isGone || isOver) socket?.destroy()
      else if (error !== null) fail(new TransportError('unreachable', error.message, error))
      else {
        this.#chosen = this.#speak(socket)
        this.#chosen.lost = () => this.lost?.(this)
        this.#chosen.ask(request, caller)
      }
    })
  }

  pause(): void {
    this.#chosen?.pause()
  }

  resume(): void {
    this.#chosen?.resume()
  }

  destroy(): void {
    this.#isGone = true
    this.#chosen?.destroy()
  }

  #speak(socket: Socket): Connection {
    if (chosenProtocol(socket) === 'h2') return new Http2Connection(this.#origin.origin, socket, this.#connect)
    return new Http1Connection({ authority: this.#origin.host, open: () => socket, isStream: true })
  }
}
