import { connect as connectNet, isIP, type OnReadOpts, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

/** Where bytes are read to, and who is told; without it they come as from any stream. */
export type Reading = OnReadOpts
/** Opens a socket to one target: it connects by itself. */
export type OpenSocket = (reading: Reading | undefined) => Socket

/** Nobody's environment switches the verification off. */
const secured = { rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] } as const

/**
 * @param tlsOptions asked for at every opening; another object than before means other files, and sessions made with the
 *   old ones are not taken up again
 */
export function socketsTo(origin: string, tlsOptions: () => ConnectionOptions): OpenSocket {
  const { protocol, hostname, port } = new URL(origin)
  // RFC 3986 §3.2.2: brackets are of the URL, not of the address.
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  if (protocol === 'http:') {
    return (reading) => ready(connectNet({ host, port: Number(port || 80), ...(reading && { onread: reading }) }))
  }
  // Loaded by those who need it: it takes 6 ms of a start.
  const { connect: connectTls } = process.getBuiltinModule('node:tls')
  let session: Buffer | undefined
  let madeWith: ConnectionOptions | undefined
  // RFC 6066 §3: an address is no name.
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return (reading) => {
    const options = tlsOptions()
    if (options !== madeWith) session = undefined
    madeWith = options
    const socket = connectTls({
      ...secured,
      ...servername,
      ...options,
      host,
      port: Number(port || 443),
      ...(session && { session }),
      ...(reading && { onread: reading }),
    })
    socket.on('session', (made) => {
      if (options === madeWith) session = made
    })
    return ready(socket)
  }
}

/** Every write goes out at once, and a peer that has gone without a word is noticed after a minute or so. */
function ready(socket: Socket): Socket {
  return socket.setNoDelay(true).setKeepAlive(true, 60_000)
}
