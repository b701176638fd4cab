import { buildConnector } from 'undici'
import type { UpstreamHttp2 } from './http2.ts'
import type { UpstreamTls } from './tls.ts'

/** How connections of an upstream are made. */
export interface Wire {
  readonly connect: buildConnector.connector
  /** Whether HTTP/2 may be spoken on them. */
  readonly allowH2: boolean
  /** How those are made that leave HTTP, where it is another way: WebSockets are opened by HTTP/1.1 (RFC 6455 §4.1). */
  readonly tunnels?: Wire
}

/** What is not said holds as Node has it, except that nobody's environment switches the verification off. */
const always = { timeout: 0, rejectUnauthorized: true } as const

/** @param tls and @param http2 only where the document asks for something of its own */
export function wireOf(tls: UpstreamTls | undefined, http2: UpstreamHttp2 | undefined): Wire {
  const protocols = http2?.connector ?? { allowH2: false }
  const plain = buildConnector({ ...always, ...protocols })
  const secure =
    tls === undefined
      ? plain
      : tls.connector((options) =>
          buildConnector({ ...always, ...protocols, ...options } as buildConnector.BuildOptions),
        )
  if (http2 === undefined) return { connect: secure, allowH2: false }
  return { connect: http2.connect(secure), allowH2: true, tunnels: wireOf(tls, undefined) }
}
