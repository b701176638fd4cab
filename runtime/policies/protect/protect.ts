import type { Next, Policy } from '../../core/policy.ts'
import type { Guard } from '../../protect/guard.ts'

/**
 * What the guard of the service can judge only once the caller is known: whether a consumer is suspended, and whether
 * somebody walks through the values of a path parameter. Addresses are judged before requests are routed.
 */
export function protect(guard: Guard): Policy {
  const { rules } = guard
  if (Object.keys(rules).length === 0) return (next) => next
  const watchesWalks = rules.enumeration !== undefined
  return (next): Next =>
    (exchange) => {
      const refusal = guard.judgeConsumer(exchange)
      if (refusal !== undefined) {
        exchange.record('protect', 'suspended')
        throw refusal
      }
      if (watchesWalks && exchange.pathValues.length > 0) guard.walked(exchange)
      return next(exchange)
    }
}
