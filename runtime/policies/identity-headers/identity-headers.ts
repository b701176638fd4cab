import type { Consumer } from '../../core/consumer.ts'
import type { Policy } from '../../core/policy.ts'
import { claimAt } from '../../identity/claim.ts'

/** What a field tells of the caller. */
export type IdentitySource = 'consumer.id' | 'consumer.plan' | 'consumer.roles' | 'scope' | { readonly claim: string }

export interface IdentityHeadersOptions {
  /** Field name → what it tells. */
  readonly headers: Readonly<Record<string, IdentitySource>>
}

/**
 * Tells the upstream who calls. Copies that callers send have been removed before ({@link
 * import('../remove-identity/remove-identity.ts').removeIdentity}), so what stands there is the proxy's word.
 */
export function identityHeaders({ headers }: IdentityHeadersOptions): Policy {
  const fields = Object.entries(headers)
  return (next) => (exchange) => {
    const { consumer } = exchange
    if (consumer !== undefined) {
      const told = exchange.headers.slice()
      for (const [name, source] of fields) {
        const value = fieldValue(consumer, source)
        if (value !== undefined && value !== '') told.push(name, value)
      }
      exchange.headers = told
    }
    return next(exchange)
  }
}

function fieldValue(consumer: Consumer, source: IdentitySource): string | undefined {
  if (source === 'consumer.id') return written(consumer.id)
  if (source === 'consumer.plan') return consumer.plan === undefined ? undefined : written(consumer.plan)
  if (source === 'consumer.roles') return listed(consumer.roles)
  if (source === 'scope') return consumer.scopes.map(written).join(' ')
  const claim = claimAt(consumer.claims, source.claim)
  return Array.isArray(claim) ? listed(claim) : single(claim)
}

/** Items parted by commas; a comma inside of one is written as %2C. */
function listed(items: readonly unknown[]): string {
  return items
    .map((item) => single(item)?.replaceAll(',', '%2C'))
    .filter((item) => item !== undefined)
    .join(',')
}

function single(value: unknown): string | undefined {
  if (typeof value === 'string') return written(value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** A claim may hold anything, line ends included: what is not plain ASCII, and `%`, is percent-encoded UTF-8. */
function written(text: string): string {
  if (/^[\x21-\x24\x26-\x7e]*$/.test(text)) return text
  return encodeURIComponent(text.toWellFormed()).replace(/%(2[0-46-9A-F]|3[A-F]|40|5[B-E]|60|7[B-D])/g, (triplet) =>
    decodeURIComponent(triplet),
  )
}
