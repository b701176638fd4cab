import type { buildConnector } from 'undici'
import { reject } from '../core/rejection.ts'

export interface Http2Options {
  /** An upstream that speaks nothing but HTTP/1.1 is an upstream that is not there; over `http:` it is spoken without asking. */
  readonly isRequired: boolean
}

/** HTTP/2 to an upstream (RFC 9113). Named by a service that wants it, so that others do not carry it. */
export interface UpstreamHttp2 {
  readonly connector: { readonly allowH2: true; readonly preferH2: true; readonly useH2c: boolean }
  connect(open: buildConnector.connector): buildConnector.connector
}

export function http2({ isRequired }: Http2Options): UpstreamHttp2 {
  return {
    // Without TLS nothing can be negotiated: both sides know it before (RFC 9113 §3.3).
    connector: { allowH2: true, preferH2: true, useH2c: isRequired },
    connect(open) {
      if (!isRequired) return open
      return (options, done) =>
        open(options, (...[error, socket]) => {
          const chosen = (socket as { alpnProtocol?: string | false } | null)?.alpnProtocol
          if (error !== null) done(error, null)
          else if (chosen === 'h2') done(null, socket)
          else {
            socket.destroy()
            done(reject('upstream-unreachable', { cause: 'the upstream does not speak HTTP/2' }), null)
          }
        })
    },
  }
}
