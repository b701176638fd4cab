import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'

const ignore = (): void => {}

/**
 * Lets node:http read a TLS connection as a stream, not from its handle. Where requests come faster than answers can go, it stops
 * its parser and the handle; but what has been decrypted by then is given to the parser nevertheless, which takes none
 * of it (`HPE_PAUSED`, or what follows is read from its middle). A stream keeps it.
 */
export function readAsStream(socket: TLSSocket): void {
  // Any listener makes node:http let go of the handle.
  socket.on('data', ignore)
}

/** The connection leaves HTTP: whoever takes it over reads it. */
export function handOver(socket: Duplex): void {
  socket.off('data', ignore)
}
