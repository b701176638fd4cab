import type { Connection } from './connection.ts'
import { Http1Connection } from './http1/http1-connection.ts'
import { type OpenSocket, socketsTo } from './http1/open-socket.ts'
import type { UpstreamHttp2 } from './http2.ts'
import type { UpstreamTls } from './tls.ts'

/** How connections to one target are made. */
export interface Wire {
  connection(): Connection
  /** For a request that is to leave HTTP: one that others have no use for (RFC 6455 §4.1: it is HTTP/1.1). */
  tunnel(): Connection
}

/** @param tls and @param http2 only where the document asks for something of its own */
export function wireTo(origin: string, tls: UpstreamTls | undefined, http2: UpstreamHttp2 | undefined): Wire {
  const none = {}
  const tlsOptions = () => tls?.options() ?? none
  const authority = new URL(origin).host
  const open: OpenSocket = socketsTo(origin, tlsOptions)
  const http1 = { authority, open, isStream: false }
  const stream = { ...http1, isStream: true }
  const tunnel = (): Connection => new Http1Connection(stream)
  if (http2 === undefined) return { connection: () => new Http1Connection(http1), tunnel }
  return { connection: http2.connectionsTo(origin, tlsOptions), tunnel }
}
