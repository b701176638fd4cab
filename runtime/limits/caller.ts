import { hash } from 'node:crypto'
import type { Consumer } from '../core/consumer.ts'
import type { Exchange } from '../core/exchange.ts'
import { combinedField } from '../core/headers.ts'
import { claimAt, claimText } from '../identity/claim.ts'
import { addressKey } from './address-key.ts'

/** Whose requests are counted together. */
export type LimitBy =
  /** The consumer, and the address of who has none. */
  | 'consumer'
  | 'address'
  /** Everybody together. */
  | 'service'
  /** The value of a request field (any case); the address of who sends none. */
  | { readonly header: string }
  /** A claim of the consumer; the consumer, or the address, of who has none. */
  | { readonly claim: string }

export interface Caller {
  readonly key: string
  /** Somebody verified: callers nobody can invent are kept apart from those anybody can. */
  readonly known: boolean
}

/** Longer values are remembered by their digest, so that nobody fills the memory with them. */
const longestKey = 64

/** How the caller of an exchange is found; keys of different kinds never meet. */
export function callerBy(by: LimitBy): (exchange: Exchange) => Caller {
  if (by === 'address') return address
  if (by === 'consumer') return consumer
  if (by === 'service') return () => ({ key: 'service', known: true })
  if ('header' in by) {
    const wanted = by.header.toLowerCase()
    return (exchange) => {
      const value = combinedField(exchange.headers, wanted)
      return value === undefined ? address(exchange) : { key: `header ${short(value)}`, known: false }
    }
  }
  const { claim } = by
  return (exchange) => {
    const value = exchange.consumer && claimText(claimAt(exchange.consumer.claims, claim))
    return value === undefined ? consumer(exchange) : { key: `claim ${short(value)}`, known: true }
  }
}

/** Callers by what is known of them: making their names anew for each request was a third of what a limit costs. */
const byConsumer = new WeakMap<Consumer, Caller>()
const byAddress = new Map<string, Caller>()
/** Addresses that are remembered: most requests come from few. */
const mostAddresses = 10_000

function consumer(exchange: Exchange): Caller {
  const { consumer: who } = exchange
  if (who === undefined) return address(exchange)
  let caller = byConsumer.get(who)
  if (caller === undefined) {
    // Two issuers may call two callers by one name.
    const issuer = who.claims['iss']
    caller = { key: `consumer ${short(typeof issuer === 'string' ? `${who.id} ${issuer}` : who.id)}`, known: true }
    byConsumer.set(who, caller)
  }
  return caller
}

function address({ address: from }: Exchange): Caller {
  let caller = byAddress.get(from)
  if (caller === undefined) {
    caller = { key: `address ${addressKey(from)}`, known: false }
    if (byAddress.size >= mostAddresses) byAddress.clear()
    byAddress.set(from, caller)
  }
  return caller
}

function short(value: string): string {
  return value.length <= longestKey ? value : hash('sha256', value, 'base64')
}
