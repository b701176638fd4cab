import type { Socket } from 'node:net'
import type { ClientListener } from './client-listener.ts'
import type { Overload } from './overload.ts'
import { refuseConnection } from './parse-error.ts'

/** Kept connections without a request for this long make room for new ones, in ms. */
const idleLongEnough = 5_000
/** How often there is a look for them, in ms. */
const lookEvery = 1_000
/** So many that are turned away are told why; a flood is closed without a word. */
const mostTold = 256

/** Keeps connections within a limit: where it is reached, those that nobody uses make room for new ones. */
export function capConnections(listener: ClientListener, overload: Overload, isSecure: boolean): void {
  let lookedAt = Number.NEGATIVE_INFINITY
  let told = 0
  listener.server.prependListener('connection', (socket: Socket) => {
    const rejection = overload.judgeConnection(listener.connectionCount)
    if (rejection === undefined) return
    const now = performance.now()
    if (now - lookedAt >= lookEvery) {
      lookedAt = now
      listener.closeIdle(idleLongEnough)
    }
    if (isSecure || told >= mostTold) {
      socket.destroy()
      return
    }
    told++
    socket.once('close', () => told--)
    refuseConnection(socket, rejection)
  })
}
