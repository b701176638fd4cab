import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Takes no new connections. Those the kernel has taken already would be reset with the listening socket: so its queue is
 * shortened first, which makes later callers wait outside, and what is in it is taken in.
 */
export async function stopListening(server: Server): Promise<void> {
  const { _handle: handle } = server as unknown as { _handle?: { listen?(backlog: number): number } }
  handle?.listen?.(0)
  for (let i = 0; i < 5; i++) await sleep(5)
  // Right after the poll phase, which has just emptied the queue.
  await new Promise((resolve) => setImmediate(resolve))
  // `http.Server.close` would cut idle connections at once, with requests already on their way.
  Server.prototype.close.call(server)
}
