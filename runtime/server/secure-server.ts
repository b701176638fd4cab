import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { clientCertificate } from '../tls/client-certificate.ts'
import type { ClientConnection, Patience } from './client-connection.ts'
import type { ClientListener } from './client-listener.ts'
import { HttpServer } from './http-server.ts'
import { Http2Connection } from './http2-connection.ts'
import { listenOn } from './listen-on.ts'
import { readAsStream } from './read-as-stream.ts'
import { stopListening } from './stop-listening.ts'
import type { HandshakeOptions, TlsNumbers } from './tls-context.ts'
import type { Reception } from './turn.ts'

/** Handshakes under way at once: past that, new connections are closed before any of them costs a signature. */
const mostHandshakes = 1_000
const sweepEvery = 1_000

/** The listener for clients that speak TLS, and in it HTTP/2 or HTTP/1.1 as they choose (ALPN, RFC 7301). */
export class SecureServer implements ClientListener {
  readonly server: Server
  readonly #reception: Reception
  readonly #http: HttpServer
  readonly #http2 = new Set<Http2Connection>()
  readonly #handshakes = new Set<Socket>()
  readonly #sweep: NodeJS.Timeout

  constructor(reception: Reception, patience: Patience, options: HandshakeOptions, numbers: TlsNumbers) {
    this.#reception = reception
    this.#http = new HttpServer(reception, patience)
    // It listens nowhere itself, but watches the time of heads as if it did.
    this.#http.server.emit('listening')
    this.server = createServer({ ...options, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: patience.headers })
    this.server.on('connection', (socket: Socket) => {
      if (this.#handshakes.size >= mostHandshakes) {
        numbers.failed('overload')
        socket.destroy()
        return
      }
      this.#handshakes.add(socket)
      socket.once('close', () => this.#handshakes.delete(socket))
    })
    this.server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      numbers.failed(reasonOf(error))
      socket.destroy()
    })
    this.server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => {})
      this.#handshakes.delete((socket as unknown as { _parent: Socket })._parent)
      numbers.connected(socket)
      // A TLS 1.2 client that negotiates anew could change who it is in the middle of a connection.
      socket.disableRenegotiation()
      const certificate = options.requestCert === true ? clientCertificate(socket) : undefined
      if (socket.alpnProtocol === 'h2') this.#enterHttp2(new Http2Connection(socket, reception, certificate))
      else this.#enterHttp1(socket, certificate)
    })
    this.#sweep = setInterval(() => {
      const now = performance.now()
      for (const connection of this.#http2) connection.check(now, patience)
    }, sweepEvery).unref()
  }

  get connectionCount(): number {
    return this.#http2.size + this.#http.connectionCount
  }

  listen(host: string, port: number, shared = false): Promise<void> {
    return listenOn(this.server, host, port, shared)
  }

  stopListening(): Promise<void> {
    return stopListening(this.server)
  }

  closeIdle(quiet: number): void {
    const now = performance.now()
    // GOAWAY also goes to connections in use: what they ask for from then on they ask somebody else.
    const isLast = this.#reception.isDraining
    for (const connection of this.#http2) {
      if (isLast) connection.close()
      else connection.closeIfIdle(now, quiet)
    }
    this.#http.closeIdle(quiet)
  }

  destroy(): void {
    clearInterval(this.#sweep)
    this.server.close()
    for (const socket of this.#handshakes) socket.destroy()
    for (const connection of this.#http2) connection.destroy()
    this.#http.destroy()
  }

  #enterHttp2(connection: Http2Connection): void {
    this.#http2.add(connection)
    connection.socket.once('close', () => this.#http2.delete(connection))
  }

  #enterHttp1(socket: TLSSocket, certificate: ClientConnection['certificate']): void {
    this.#http.server.emit('connection', socket)
    readAsStream(socket)
    const connection = this.#http.connectionOf(socket)
    if (connection !== undefined) connection.certificate = certificate
  }
}

/** A word of a small set, for the metric: what a client does must not make up time series. */
function reasonOf({ code = '' }: NodeJS.ErrnoException): string {
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'disconnected'
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'timeout'
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'plain-http'
  if (/VERSION|PROTOCOL/.test(code) && !/APPLICATION/.test(code)) return 'version'
  if (/CIPHER|ALGORITHM|CURVE|GROUP/.test(code)) return 'cipher'
  if (/CERT|UNKNOWN_CA|PEER_DID_NOT|UNABLE_TO|SELF_SIGNED/.test(code)) return 'certificate'
  if (/APPLICATION_PROTOCOL/.test(code)) return 'alpn'
  return 'other'
}
