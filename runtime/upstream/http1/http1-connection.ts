import type { Socket } from 'node:net'
import { type Caller, Connection, type UpstreamRequest } from '../connection.ts'
import { type Departing, departAtEndOfTurn } from '../end-of-turn.ts'
import { TransportError, type TransportFault } from '../transport-error.ts'
import { BodySender } from './body-sender.ts'
import { Incoming } from './incoming.ts'
import type { OpenSocket } from './open-socket.ts'
import { requestHead } from './request-head.ts'

/** Methods whose requests are expected to have a body (RFC 9110 §9.3); others that have one end their connection. */
const expectsBody = new Set(['PUT', 'POST', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH'])
/** Up to this many bytes a body is joined to the head as text (latin1 keeps every byte) and goes out in one plain write. */
const joinedUpTo = 16 * 1024

export interface Http1Options {
  /** What `Host` says. */
  readonly authority: string
  readonly open: OpenSocket
  /** Whether bytes come as from any stream: a tunnel goes on reading so, and other hands may have opened the socket. */
  readonly isStream: boolean
}

/** HTTP/1.1 to an upstream (RFC 9112), over a socket of node:net or node:tls. The parser is llhttp. */
export class Http1Connection extends Connection implements Departing {
  isReusable = true
  isPaused = false
  readonly #options: Http1Options
  readonly #incoming = new Incoming()
  #socket: Socket | undefined = undefined
  #isOpen = false
  #isGone = false
  #caller: Caller | undefined = undefined
  #request: UpstreamRequest | undefined = undefined
  #head = ''
  #sender: BodySender | undefined = undefined

  constructor(options: Http1Options) {
    super()
    this.#options = options
  }

  get longestIdle(): number {
    return this.#incoming.longestIdle
  }

  ask(request: UpstreamRequest, caller: Caller): void {
    const { method, body, opensTunnel } = request
    this.#caller = caller
    this.#request = request
    // What some servers send behind an answer to HEAD would be taken for the next answer.
    const persistence = opensTunnel ? 'upgrade\r\nupgrade: websocket' : method === 'HEAD' ? 'close' : 'keep-alive'
    const isBodiless = body === null || (Buffer.isBuffer(body) && body.length === 0)
    this.isReusable = persistence === 'keep-alive' && (isBodiless || expectsBody.has(method))
    try {
      this.#head = requestHead(request, this.#options.authority, persistence)
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    if (body !== null && !Buffer.isBuffer(body)) {
      this.#sender = new BodySender(body, request.length, caller, this.#onSendFailure)
    }
    // An end of this connection, or an answer nobody asked for, may stand among what has yet to be read in this turn.
    if (this.#isOpen) departAtEndOfTurn(this)
    else this.#connect()
  }

  depart(): void {
    if (this.#caller !== undefined) this.#send()
  }

  pause(): void {
    this.isPaused = true
    if (!this.#options.isStream) this.#socket!.pause()
  }

  resume(): void {
    if (!this.isPaused) return
    this.isPaused = false
    if (this.#options.isStream) process.nextTick(this.#onReadable)
    else this.#socket!.resume()
  }

  destroy(): void {
    this.#caller = undefined
    this.#letGo()
    if (this.#socket === undefined) this.#incoming.free()
    else this.#socket.destroy()
  }

  #connect(): void {
    const { open, isStream } = this.#options
    const { room } = this.#incoming
    const socket = open(
      isStream
        ? undefined
        : { buffer: () => room.next, callback: (length, bytes) => this.#take(bytes as Buffer, length) },
    )
    this.#socket = socket
    socket.on('error', this.#onError)
    socket.on('end', this.#onEnd)
    socket.on('close', this.#onClose)
    if (isStream) socket.on('readable', this.#onReadable)
    // Whoever waits for an answer keeps the process alive; a connection that waits for requests must not.
    socket.unref()
    if (isConnecting(socket)) socket.once('encrypted' in socket ? 'secureConnect' : 'connect', this.#onConnect)
    else this.#onConnect()
  }

  readonly #onConnect = (): void => {
    this.#isOpen = true
    this.depart()
  }

  #send(): void {
    const caller = this.#caller!
    const socket = this.#socket!
    const { method, body, opensTunnel } = this.#request!
    const head = this.#head
    this.#incoming.expect(caller, method, opensTunnel)
    caller.onSending()
    if (body !== null && !Buffer.isBuffer(body)) {
      this.#sender!.start(socket, head)
      return
    }
    if (body === null || body.length === 0) {
      socket.write(expectsBody.has(method) ? `${head}content-length: 0\r\n\r\n` : `${head}\r\n`, 'latin1')
    } else if (body.length <= joinedUpTo) {
      socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.toString('latin1')}`, 'latin1')
    } else {
      socket.cork()
      socket.write(`${head}content-length: ${body.length}\r\n\r\n`, 'latin1')
      socket.write(body)
      socket.uncork()
    }
    caller.onSent()
  }

  /** @returns true: reading goes on as it was */
  #take(bytes: Buffer, length: number): true {
    this.#read(bytes, length)
    return true
  }

  #read(bytes: Buffer, length: number): void {
    const incoming = this.#incoming
    const caller = this.#caller
    const isDue = incoming.stage !== 'over' && this.#sender?.hasBegun !== false
    if (!isDue) {
      // Nobody has asked: whatever it is, it must not become the answer to the next request.
      this.#broke('the upstream spoke without being asked')
      return
    }
    try {
      const taken = incoming.take(bytes, length)
      // Who asked may have had enough.
      if (this.#caller !== caller) return
      if (incoming.stage === 'tunnel') this.#openTunnel(bytes.subarray(taken, length))
      else if (incoming.stage === 'over') this.#finish(taken === length)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  /** @param isClean nothing came behind the answer */
  #finish(isClean: boolean): void {
    const caller = this.#caller!
    const isSent = this.#sender === undefined || this.#sender.isDone
    this.isReusable &&= isClean && isSent && this.#incoming.keepsAlive && !this.#isGone
    const trailers = this.#incoming.trailers()
    this.#caller = undefined
    this.#letGo()
    this.resume()
    caller.onEnd(trailers)
  }

  /** @param rest what came behind the head */
  #openTunnel(rest: Buffer): void {
    const caller = this.#caller!
    const socket = this.#socket!
    const { head } = this.#incoming
    this.#caller = undefined
    this.#letGo()
    this.#incoming.free()
    socket.off('readable', this.#onReadable)
    socket.off('end', this.#onEnd)
    socket.off('close', this.#onClose)
    socket.ref()
    if (rest.length > 0) socket.unshift(rest)
    this.#socket = undefined
    caller.onTunnel(head!, socket)
  }

  #fail(error: Error): void {
    const caller = this.#caller
    this.isReusable = false
    this.#caller = undefined
    this.#letGo()
    this.#socket?.destroy()
    caller?.onFailure(error)
  }

  #letGo(): void {
    this.#incoming.stop()
    this.#sender?.stop()
    this.#sender = undefined
    this.#request = undefined
  }

  /** It is of no use any more, and nobody uses it. */
  #lose(): void {
    this.isReusable = false
    this.#socket?.destroy()
    this.lost?.(this)
  }

  readonly #onSendFailure = (error: Error): void => this.#fail(error)

  readonly #onReadable = (): void => {
    const socket = this.#socket
    while (!this.isPaused && socket !== undefined && socket === this.#socket) {
      const bytes = socket.read() as Buffer | null
      if (bytes === null) return
      this.#read(bytes, bytes.length)
    }
  }

  readonly #onError = (error: Error): void => this.#broke(error.message, error)

  readonly #onEnd = (): void => {
    if (!this.#isOpen || this.#caller === undefined || !this.#incoming.end())
      this.#broke('the upstream closed the connection')
    else this.#finish(true)
  }

  readonly #onClose = (): void => {
    this.#broke('the connection was closed')
    this.#incoming.free()
  }

  #broke(message: string, cause?: Error): void {
    this.#isGone = true
    if (this.#caller === undefined) this.#lose()
    else {
      this.#fail(new TransportError(this.#fault, message, cause))
    }
  }

  get #fault(): TransportFault {
    if (!this.#isOpen) return 'unreachable'
    if (this.#incoming.stage === 'over' || this.#sender?.hasBegun === false) return 'stale'
    return this.#incoming.hasBegun ? 'cut' : 'broken'
  }
}

function isConnecting(socket: Socket & { readonly secureConnecting?: boolean }): boolean {
  return socket.connecting || socket.secureConnecting === true
}
