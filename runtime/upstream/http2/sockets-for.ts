import type { ConnectionOptions } from 'node:tls'
import { buildConnector } from 'undici'
import { TransportError } from '../transport-error.ts'

/**
 * Sockets on which HTTP/2 has been offered.
 * @param tlsOptions asked for at every opening; another object than before means other files
 * @param isRequired whether an upstream that chooses HTTP/1.1 is turned down
 */
export function socketsFor(tlsOptions: () => ConnectionOptions, isRequired: boolean): buildConnector.connector {
  let made: { readonly from: ConnectionOptions; readonly connect: buildConnector.connector } | undefined
  return (asked, done) => {
    const from = tlsOptions()
    // Sessions are remembered by the connector: one that was made with other files must not be taken up again.
    if (made?.from !== from) made = { from, connect: connectorWith(from, isRequired) }
    const { servername } = from
    made.connect(servername === undefined ? asked : { ...asked, servername }, (...[error, socket]) => {
      if (error !== null) done(error, null)
      else if (!isRequired || chosenProtocol(socket) === 'h2') done(null, socket)
      else {
        socket.destroy()
        done(new TransportError('unreachable', 'the upstream does not speak HTTP/2'), null)
      }
    })
  }
}

/** What is not said holds as Node has it, except that nobody's environment switches the verification off. */
function connectorWith(options: ConnectionOptions, isRequired: boolean): buildConnector.connector {
  const always = { timeout: 0, rejectUnauthorized: true, allowH2: true, preferH2: true }
  // Without TLS nothing can be negotiated: both sides know it before (RFC 9113 §3.3).
  return buildConnector({ ...always, useH2c: isRequired, ...options } as buildConnector.BuildOptions)
}

/** By ALPN; undici says the same of sockets without TLS that are to speak HTTP/2. */
export function chosenProtocol(socket: object): string | false | null | undefined {
  return (socket as { readonly alpnProtocol?: string | false | null }).alpnProtocol
}
