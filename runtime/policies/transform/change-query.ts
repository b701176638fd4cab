import type { Exchange } from '../../core/exchange.ts'
import { fill } from './fill.ts'
import type { PairChanges } from './options.ts'

/** Changes the parameters of a query; the bytes of the others stay. */
export function queryChanger(changes: PairChanges): (query: string, exchange: Exchange) => string {
  const renamed = new Map(Object.entries(changes.rename ?? {}))
  const set = Object.entries(changes.set ?? {})
  const gone = new Set([...(changes.remove ?? []), ...set.map(([name]) => name)])
  const made = [...set, ...Object.entries(changes.add ?? {})]
  return (query, exchange) => {
    const kept: string[] = []
    const pairs = query === '' ? [] : query.split('&')
    const present = new Set(pairs.map(nameOf))
    const displaced = new Set([...renamed].filter(([from]) => present.has(from)).map(([, to]) => to))
    for (const pair of pairs) {
      const name = nameOf(pair)
      const to = renamed.get(name)
      if (gone.has(to ?? name) || (to === undefined && displaced.has(name))) continue
      const equals = pair.indexOf('=')
      kept.push(to === undefined ? pair : encodeURIComponent(to) + (equals === -1 ? '' : pair.slice(equals)))
    }
    for (const [name, text] of made) {
      const value = fill(text, exchange, (one) => one)
      if (value !== undefined) kept.push(`${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`)
    }
    return kept.join('&')
  }
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  const raw = (equals === -1 ? pair : pair.slice(0, equals)).replaceAll('+', ' ')
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}
