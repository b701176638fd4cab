import type { Exchange } from '../core/exchange.ts'
import { isField } from '../core/headers.ts'

/** Where a key stands in a request: OpenAPI's apiKey scheme (`in`, `name`). */
export interface KeyPlace {
  readonly in: 'header' | 'query' | 'cookie'
  readonly name: string
}

/** Found more than once. */
export const twice = Symbol('twice')

/** How one kind of place is read and emptied. */
export interface KeyAccess {
  /** The key as the client meant it, undefined where there is none, `twice` where there are several. */
  read(exchange: Readable): string | undefined | typeof twice
  /** Every occurrence is removed; what stands around it stays as it was, byte for byte. */
  remove(exchange: Readable): void
}

/** Of an exchange, where credentials may stand. */
type Readable = Pick<Exchange, 'headers' | 'query'>

export function keyAccess(place: KeyPlace): KeyAccess {
  if (place.in === 'header') return headerAccess(place.name.toLowerCase())
  return place.in === 'query' ? queryAccess(place.name) : cookieAccess(place.name)
}

function headerAccess(wanted: string): KeyAccess {
  return {
    read({ headers }) {
      let found: string | undefined
      for (let i = 0; i < headers.length; i += 2) {
        if (!isField(headers[i]!, wanted)) continue
        if (found !== undefined) return twice
        found = headers[i + 1]
      }
      return found
    },
    remove(exchange) {
      const { headers } = exchange
      for (let i = headers.length - 2; i >= 0; i -= 2) {
        if (!isField(headers[i]!, wanted)) continue
        if (exchange.headers === headers) exchange.headers = headers.slice()
        exchange.headers.splice(i, 2)
      }
    },
  }
}

function queryAccess(wanted: string): KeyAccess {
  const isWanted = (pair: string): boolean => pairName(pair) === wanted
  // A name may be written with escapes that the upstream undoes; what holds neither is compared as it stands.
  const mayHold = (query: string): boolean => query !== '' && (query.includes(wanted) || /[%+]/.test(query))
  return {
    read({ query }) {
      if (!mayHold(query)) return undefined
      const found = query.split('&').filter(isWanted)
      if (found.length === 0) return undefined
      if (found.length > 1) return twice
      const at = found[0]!.indexOf('=')
      return at < 0 ? '' : formDecoded(found[0]!.slice(at + 1))
    },
    remove(exchange) {
      const { query } = exchange
      if (!mayHold(query)) return
      const kept = query.split('&').filter((pair) => !isWanted(pair))
      exchange.query = kept.join('&')
    },
  }
}

function pairName(pair: string): string {
  const at = pair.indexOf('=')
  return formDecoded(at < 0 ? pair : pair.slice(0, at))
}

/** As application/x-www-form-urlencoded is read (WHATWG URL §5.1); text with a broken escape stands for itself. */
function formDecoded(text: string): string {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function cookieAccess(wanted: string): KeyAccess {
  return {
    read({ headers }) {
      let found: string | undefined
      for (let i = 0; i < headers.length; i += 2) {
        if (!isField(headers[i]!, 'cookie')) continue
        for (const pair of headers[i + 1]!.split(';')) {
          if (cookieName(pair) !== wanted) continue
          if (found !== undefined) return twice
          const at = pair.indexOf('=')
          found = at < 0 ? '' : pair.slice(at + 1).trim()
        }
      }
      return found
    },
    remove(exchange) {
      const { headers } = exchange
      for (let i = headers.length - 2; i >= 0; i -= 2) {
        if (!isField(headers[i]!, 'cookie')) continue
        const pairs = headers[i + 1]!.split(';')
        const kept = pairs.filter((pair) => cookieName(pair) !== wanted)
        if (kept.length === pairs.length) continue
        if (exchange.headers === headers) exchange.headers = headers.slice()
        const rest = kept.join(';').trim()
        if (rest === '') exchange.headers.splice(i, 2)
        else exchange.headers[i + 1] = rest
      }
    },
  }
}

function cookieName(pair: string): string {
  const at = pair.indexOf('=')
  return (at < 0 ? pair : pair.slice(0, at)).trim()
}
