import type { Timeouts } from '../../core/exchange.ts'
import type { Policy } from '../../core/policy.ts'

/** Says how long the upstream may take; the upstream keeps to it and answers 504 past it. */
export function timeout(timeouts: Timeouts): Policy {
  return (next) => (exchange) => {
    exchange.timeouts = timeouts
    return next(exchange)
  }
}
