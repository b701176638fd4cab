import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from '../core/answer.ts'
import type { ClientCertificate } from '../core/client-certificate.ts'
import type { Fields } from '../core/headers.ts'
import type { Operation } from '../core/operation.ts'
import type { Tunnel } from '../core/tunnel.ts'
import type { ClientConnection, TurnConnection, Visit } from './client-connection.ts'
import type { Client } from './client-sight.ts'
import { parseTarget } from './request-target.ts'
import { type Reply, respond } from './respond.ts'
import { type Reception, Turn } from './turn.ts'

/**
 * Whether a request with an `Upgrade` field is to leave HTTP: a WebSocket handshake for an operation that opens one. Any other
 * is a plain request: RFC 9110 §7.8 lets a server ignore the field.
 */
export function isOpening(request: IncomingMessage, { routes }: Reception): boolean {
  const { headers, url, method, httpVersionMinor } = request
  if (method !== 'GET' || httpVersionMinor !== 1 || url === undefined) return false
  if (headers.upgrade?.toLowerCase() !== 'websocket' || 'transfer-encoding' in headers) return false
  if ((headers['content-length'] ?? '0') !== '0') return false
  try {
    const { path, query } = parseTarget(url)
    const match = routes.find('GET', path)
    return match.kind === 'operation' && chosen(match.operation, query, request.rawHeaders)?.tunnel !== undefined
  } catch {
    return false // what cannot be read is refused as any request is
  }
}

function chosen(operation: Operation, query: string, headers: Fields): Operation | undefined {
  return operation.choose === undefined ? operation : operation.choose(query, headers)
}

/** A request that Node has let go of with its connection: its answer is the last thing HTTP says on it, or 101. */
export class Upgrade implements Visit, TurnConnection {
  readonly opensTunnel = true
  readonly socket: Socket
  readonly #connection: ClientConnection
  readonly #head: Buffer
  readonly #turn: Turn
  #tunnel: Tunnel | undefined

  constructor(reception: Reception, connection: ClientConnection, request: IncomingMessage, head: Buffer) {
    this.socket = connection.socket
    this.#connection = connection
    this.#head = head
    this.#turn = new Turn(reception, this, request, lastResponse(request, this.socket))
  }

  begin(): void {
    // Node does not read on: that the client has ended is seen by whoever looks, which takes in a bufferful at most.
    this.socket.on('readable', this.#look)
    this.socket.once('end', this.#leave)
    this.#turn.begin()
  }

  readonly #look = (): void => {
    if (this.socket.readableLength === 0) this.socket.read()
  }

  readonly #leave = (): void => {
    this.socket.destroy()
  }

  /** What becomes of a tunnel whose client is gone its own end tells. */
  gone(): void {
    if (this.#tunnel === undefined) this.#turn.gone()
  }

  tooSlow(): void {}

  retire(): void {
    this.#tunnel?.retire()
  }

  readonly isReceived = true
  readonly isReceiving = false

  get isSending(): boolean {
    return this.#turn.isSending
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

  get via(): string {
    return this.#connection.via
  }

  get isClosing(): boolean {
    return this.#connection.isClosing
  }

  set isClosing(isClosing: boolean) {
    this.#connection.isClosing = isClosing
  }

  leave(now: number): void {
    this.#connection.isClosing = true
    this.#connection.leave(now)
  }

  respond(reply: Reply, answer: Answer, _close: boolean, done: (isComplete: boolean) => void): void {
    if (answer.tunnel === undefined) respond(reply, answer, true, done)
    else this.#open(reply, answer, done)
  }

  #open(reply: Reply, answer: Answer, done: (isComplete: boolean) => void): void {
    const { response, exchange } = reply
    const fields: Fields = ['Upgrade', 'websocket', 'Connection', 'Upgrade', ...answer.headers]
    fields.push(...exchange!.replyFields, 'X-Request-Id', reply.requestId)
    response.writeHead(answer.status, fields)
    response.flushHeaders()
    response.detachSocket(this.socket)
    this.socket.off('readable', this.#look)
    this.socket.off('end', this.#leave)
    const tunnel = this.#turn.operation!.tunnel!(this.socket, this.#head, answer.tunnel!, (isComplete) => {
      reply.bytes = tunnel.bytes
      done(isComplete)
    })
    this.#tunnel = tunnel
  }
}

/** Node makes no response for a request whose connection it has let go of. */
function lastResponse(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  const drained = (): boolean => response.emit('drain')
  socket.on('drain', drained)
  response.once('finish', () => {
    socket.off('drain', drained)
    response.detachSocket(socket)
    socket.destroySoon()
  })
  return response
}
