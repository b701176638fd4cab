import type { Policy } from '../../core/policy.ts'

export interface RemoveIdentityOptions {
  /** Field names, lower case, with `-` for `_`. */
  readonly names: readonly string[]
}

/**
 * Removes what callers say in fields that only the proxy writes. `X_Consumer` goes as well: many servers read it as
 * `X-Consumer` (RFC 3875 §4.1.18).
 */
export function removeIdentity({ names }: RemoveIdentityOptions): Policy {
  const unwanted = new Set(names)
  const lengths = new Set(names.map((name) => name.length))
  return (next) => (exchange) => {
    const { headers } = exchange
    for (let i = headers.length - 2; i >= 0; i -= 2) {
      const name = headers[i]!
      if (!lengths.has(name.length) || !unwanted.has(name.toLowerCase().replaceAll('_', '-'))) continue
      if (exchange.headers === headers) exchange.headers = headers.slice()
      exchange.headers.splice(i, 2)
    }
    return next(exchange)
  }
}
