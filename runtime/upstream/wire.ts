import { buildConnector } from 'undici'
import type { UpstreamHttp2 } from './http2.ts'
import type { UpstreamTls } from './tls.ts'

/** How connections of an upstream are made. */
export interface Wire {
  readonly connect: buildConnector.connector
  /** Whether HTTP/2 may be spoken on them. */
  readonly allowH2: boolean
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
  return { connect: http2 === undefined ? secure : http2.connect(secure), allowH2: http2 !== undefined }
}
