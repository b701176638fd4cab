import type { ConnectionOptions } from 'node:tls'
import type { Connection } from './connection.ts'
import { NegotiatedConnection } from './http2/negotiated-connection.ts'
import { socketsFor } from './http2/sockets-for.ts'

export interface Http2Options {
  /** An upstream that speaks nothing but HTTP/1.1 is an upstream that is not there; over `http:` it is spoken without asking. */
  readonly isRequired: boolean
}

/** HTTP/2 to an upstream (RFC 9113). Named by a service that wants it, so that others do not carry it. */
export interface UpstreamHttp2 {
  connectionsTo(origin: string, tlsOptions: () => ConnectionOptions): () => Connection
}

export function http2({ isRequired }: Http2Options): UpstreamHttp2 {
  return {
    connectionsTo(origin, tlsOptions) {
      const connect = socketsFor(tlsOptions, isRequired)
      return () => new NegotiatedConnection(origin, connect)
    },
  }
}
