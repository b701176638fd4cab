import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ClientConnection, type Patience } from './client-connection.ts'
import type { ClientListener } from './client-listener.ts'
import { ClientRequest } from './client-request.ts'
import { ClientResponse } from './client-response.ts'
import { listenOn } from './listen-on.ts'
import { mayHideMore } from './may-hide-more.ts'
import { answerParseError, refuseConnect } from './parse-error.ts'
import { handOver } from './read-as-stream.ts'
import { stopListening } from './stop-listening.ts'
import { type Reception, Turn } from './turn.ts'
import { isOpening, Upgrade } from './upgrade.ts'

const connectionOf = Symbol('connection')
type KnownSocket = Socket & { [connectionOf]?: ClientConnection }

/** How often connections are looked at, in ms. */
const sweepEvery = 1_000

/** The listener for clients, with its connections. */
export class HttpServer implements ClientListener {
  readonly server: Server
  readonly #connections = new Set<ClientConnection>()
  readonly #sweep: NodeJS.Timeout

  constructor(reception: Reception, patience: Patience) {
    const serve = (request: ClientRequest, response: ServerResponse): void => {
      request.isHandedOver = true
      const connection = (request.socket as KnownSocket)[connectionOf]!
      if (connection.last !== undefined) {
        if (connection.last !== request) return
        response.shouldKeepAlive = false
      }
      connection.enter(new Turn(reception, connection, request, response))
    }
    this.server = createServer(
      {
        // Node counts the request line in; both are judged exactly in a turn.
        maxHeaderSize: reception.limits.headers + reception.limits.url + 64,
        headersTimeout: patience.headers,
        connectionsCheckingInterval: sweepEvery,
        // Bodies and idle connections are watched by the sweep: a timer for each costs more than the rest of a turn.
        requestTimeout: 0,
        keepAliveTimeout: 0,
        optimizeEmptyRequests: true,
        // The Host field is judged in a turn, with a problem document.
        requireHostHeader: false,
        shouldUpgradeCallback: (request) => {
          request.isHandedOver = true
          const connection = (request.socket as KnownSocket)[connectionOf]!
          // A handshake that did not wait for the answers before it is none: its connection cannot leave HTTP.
          if (connection.isIdle && isOpening(request, reception)) return true
          if (mayHideMore(request)) connection.last ??= request
          return false
        },
        IncomingMessage: ClientRequest,
        ServerResponse: ClientResponse,
      },
      serve,
    )
    // Node drops fields past its maximum silently; the size of the block is the limit here.
    this.server.maxHeadersCount = 0
    this.server.on('connection', (socket: KnownSocket) => {
      const connection = new ClientConnection(socket)
      socket[connectionOf] = connection
      this.#connections.add(connection)
      socket.once('close', () => this.#connections.delete(connection))
    })
    this.server.on('checkContinue', serve)
    this.server.on('checkExpectation', serve)
    this.server.on('upgrade', (request, socket, head) => {
      handOver(socket)
      const connection = (socket as KnownSocket)[connectionOf]!
      if (connection.isIdle) connection.enter(new Upgrade(reception, connection, request, head))
      else socket.destroy()
    })
    this.server.on('connect', (_request, socket) => refuseConnect(socket as Socket, reception.routes.methods))
    this.server.on('clientError', (error, socket: KnownSocket) => {
      // After a refused framing whatever follows is no message of its own.
      const connection = socket[connectionOf]
      if (connection?.last !== undefined) return // nobody reads on there
      if (connection === undefined || connection.isClosing) socket.destroySoon()
      else {
        connection.refuse(() => {
          const status = answerParseError(error, socket)
          if (status !== undefined) reception.onRefusal(status, socket)
        })
      }
    })
    this.#sweep = setInterval(() => {
      const now = performance.now()
      for (const connection of this.#connections) connection.check(now, patience)
    }, sweepEvery).unref()
  }

  listen(host: string, port: number, shared = false): Promise<void> {
    return listenOn(this.server, host, port, shared)
  }

  stopListening(): Promise<void> {
    return stopListening(this.server)
  }

  /** What is kept of a connection; undefined once it has been closed. */
  connectionOf(socket: Socket): ClientConnection | undefined {
    return (socket as KnownSocket)[connectionOf]
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** Ends connections that have had no request for `quiet` milliseconds. */
  closeIdle(quiet: number): void {
    const now = performance.now()
    for (const connection of this.#connections) connection.closeIfIdle(now, quiet)
  }

  destroy(): void {
    clearInterval(this.#sweep)
    this.server.closeAllConnections()
    for (const { socket } of this.#connections) socket.destroy()
  }
}
