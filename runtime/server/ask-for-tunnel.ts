import type { Exchange } from '../core/exchange.ts'
import type { Operation } from '../core/operation.ts'
import { reject } from '../core/rejection.ts'

/**
 * Lets the exchange ask its upstream for a tunnel.
 * @throws Rejection 403 for a page of another origin that `cors` does not admit: a browser opens WebSockets without asking
 */
export function askForTunnel(exchange: Exchange, operation: Operation, origin: string | undefined): void {
  if (origin !== undefined && !isOwn(origin, exchange) && operation.cors?.admits(origin) !== true) {
    throw reject('forbidden', { detail: 'Pages of this origin may not open a WebSocket here.' })
  }
  exchange.wantsTunnel = true
}

function isOwn(origin: string, { secure, host }: Exchange): boolean {
  return origin.toLowerCase() === `${secure ? 'https' : 'http'}://${host.toLowerCase()}`
}
