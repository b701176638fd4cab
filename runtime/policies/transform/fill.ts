import type { Exchange } from '../../core/exchange.ts'
import { partValue } from '../../core/template.ts'
import { claimAt, claimText } from '../../identity/claim.ts'
import type { Text } from './options.ts'

/** What a client makes up must not grow without bound. */
const longest = 8192

/**
 * The text for a request; undefined where the request has not one of the values.
 * @param escaped what becomes of values, not of the text between them
 */
export function fill(text: Text, exchange: Exchange, escaped: (value: string) => string): string | undefined {
  if (typeof text === 'string') return text
  let filled = ''
  for (const part of text) {
    if (typeof part === 'string') {
      filled += part
      continue
    }
    const value = 'claim' in part ? claim(exchange, part.claim) : partValue(part, exchange)
    if (value === undefined || value.length > longest) return undefined
    filled += escaped(value)
  }
  return filled
}

function claim({ consumer }: Exchange, path: string): string | undefined {
  if (consumer === undefined) return undefined
  const value = claimAt(consumer.claims, path)
  return typeof value === 'boolean' ? String(value) : claimText(value)
}
