import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Next, Policy } from '../../core/policy.ts'
import { reject } from '../../core/rejection.ts'
import { handshakeFault, isAgreed, upgradeRequired } from './handshake.ts'
import { relay } from './relay.ts'

export interface WebSocketOptions {
  /** Milliseconds without a byte in either direction, after which a connection is closed. */
  readonly idle: number
  /** Whether requests that do not ask for a WebSocket go on as well. Default: they get 426. */
  readonly plain?: boolean
}

/** Takes part in opening handshakes (RFC 6455 §4); what both sides then say to each other is theirs. */
export function webSocket({ idle, plain = false }: WebSocketOptions): Policy {
  const policy = (next: Next): Next => {
    return (exchange) => {
      if (!exchange.wantsTunnel) {
        if (plain) return next(exchange)
        throw upgradeRequired()
      }
      const fault = handshakeFault(exchange.headers)
      if (fault !== undefined) throw fault
      const asked = exchange.headers
      const answer = next(exchange)
      return answer instanceof Promise
        ? answer.then((given) => agreed(exchange, asked, given))
        : agreed(exchange, asked, answer)
    }
  }
  return Object.assign(policy, { tunnel: relay(idle) })
}

function agreed(exchange: Exchange, asked: Exchange['headers'], answer: Answer): Answer {
  if (answer.tunnel === undefined) return answer
  if (!isAgreed(asked, answer.headers)) {
    answer.tunnel.destroy()
    throw reject('upstream-malformed', { cause: 'the upstream agreed to another handshake' })
  }
  exchange.record('webSocket', 'opened')
  return answer
}
