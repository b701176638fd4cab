import { hash } from 'node:crypto'
import type { Exchange } from '../../core/exchange.ts'
import { combinedField } from '../../core/headers.ts'
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
    const value = claimText(exchange, claim)
    return value === undefined ? consumer(exchange) : { key: `claim ${short(value)}`, known: true }
  }
}

function consumer(exchange: Exchange): Caller {
  const { consumer: who } = exchange
  return who === undefined ? address(exchange) : { key: `consumer ${short(who.id)}`, known: true }
}

function address({ address: from }: Exchange): Caller {
  return { key: `address ${addressKey(from)}`, known: false }
}

/** A claim by its path (`org.id`), where it is text or a number. */
function claimText({ consumer: who }: Exchange, path: string): string | undefined {
  let value: unknown = who?.claims
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function short(value: string): string {
  return value.length <= longestKey ? value : hash('sha256', value, 'base64')
}
