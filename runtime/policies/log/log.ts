import type { Logging } from '../../core/exchange.ts'
import type { Policy } from '../../core/policy.ts'

export interface LogOptions {
  readonly access: 'json' | 'off'
  /** The share of requests that get a line, 0 to 1; failed ones always do. */
  readonly sample: number
  /** Names whose values never reach the log, beside credentials and the usual names of secrets. */
  readonly redact: { readonly headers: readonly string[]; readonly query: readonly string[] }
}

/** Says what the access log does with these requests; the server writes the line when the answer is out. */
export function log({ access, sample, redact }: LogOptions): Policy {
  const logging: Logging = {
    access,
    sample,
    redactHeaders: lowerCase(redact.headers),
    redactQuery: lowerCase(redact.query),
  }
  return (next) => (exchange) => {
    exchange.logging = logging
    return next(exchange)
  }
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()))
}
