import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { ClientCertificate } from '../core/client-certificate.ts'
import type { Patience } from './client-connection.ts'
import type { Client } from './client-sight.ts'
import { Http2Visit } from './http2-visit.ts'
import type { Reception } from './turn.ts'

/** Streams a client may have open at once (RFC 9113 §6.5.2). */
const mostStreams = 100
/** Bytes of a body that a client may send before anybody has read them. */
const window = 256 * 1024
/** Streams a client may reset at once, and for how many more each second gives leave (CVE-2023-44487). */
const resets = { streamResetBurst: 200, streamResetRate: 20 }
/** Protocol errors, and streams that were refused, after which a connection is given up. */
const faults = { maxSessionInvalidFrames: 50, maxSessionRejectedStreams: 50 }

/** SETTINGS and PING frames, which cost an answer each (CVE-2019-9512, 9515): so many between two looks at a connection. */
const mostQuestions = 200

/** A client's HTTP/2 connection: its streams are answered side by side. */
export class Http2Connection {
  readonly socket: TLSSocket
  /** What was last told upstream of this client; see {@link import('./client-connection.ts').ClientConnection}. */
  client: Client | undefined = undefined
  readonly certificate: ClientCertificate | undefined
  readonly #session: ServerHttp2Session
  readonly #visits = new Set<Http2Visit>()
  #idleSince = performance.now()
  #questions = 0

  constructor(socket: TLSSocket, reception: Reception, certificate: ClientCertificate | undefined) {
    this.socket = socket
    this.certificate = certificate
    const largest = reception.limits.headers + reception.limits.url
    this.#session = performServerHandshake(socket, {
      settings: {
        maxConcurrentStreams: mostStreams,
        initialWindowSize: window,
        // What is somewhat larger than allowed still comes in, to be refused with 431 or 414; what is much larger is reset.
        maxHeaderListSize: 2 * largest + 16 * 1024,
        enablePush: false,
        enableConnectProtocol: false,
      },
      maxHeaderListPairs: 4_000,
      maxSettings: 16,
      ...resets,
      ...faults,
      // A proxy passes on what upstreams say, repetitions too.
      strictSingleValueFields: false,
    })
    this.#session.on('stream', (stream, headers, _flags, raw) =>
      this.#enter(reception, stream, headers, raw as unknown as string[]),
    )
    this.#session.on('remoteSettings', this.#asked)
    this.#session.on('ping', this.#asked)
    // A fault of one connection ends that connection and nothing else.
    this.#session.on('error', () => {})
    socket.on('error', () => {})
  }

  check(now: number, patience: Patience): void {
    this.#questions = 0
    for (const visit of this.#visits) visit.check(now, patience)
    this.closeIfIdle(now, patience.idle)
  }

  /** Ends the connection if no stream is open and none has been for `quiet` milliseconds. */
  closeIfIdle(now: number, quiet: number): void {
    if (this.#visits.size === 0 && now - this.#idleSince > quiet) this.close()
  }

  /** GOAWAY: streams that are open are answered, later ones may be sent again elsewhere (RFC 9113 §6.8). */
  close(): void {
    if (!this.#session.closed) this.#session.close()
  }

  destroy(): void {
    this.#session.destroy()
  }

  readonly #asked = (): void => {
    if (++this.#questions > mostQuestions) this.#session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM)
  }

  #enter(reception: Reception, stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]): void {
    stream.on('error', () => {})
    if (stream.destroyed) return
    if (this.#visits.size >= mostStreams) {
      stream.close(constants.NGHTTP2_REFUSED_STREAM)
      return
    }
    const visit = new Http2Visit(reception, this, stream, headers, raw)
    this.#visits.add(visit)
    stream.once('close', () => {
      this.#visits.delete(visit)
      this.#idleSince = performance.now()
      visit.gone()
    })
    visit.begin()
  }
}
