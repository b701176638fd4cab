import type { Exchange } from '../../core/exchange.ts'
import type { Fields } from '../../core/headers.ts'
import { fill } from './fill.ts'
import type { PairChanges } from './options.ts'

/** Changes header fields; the order of the others stays. */
export function fieldChanger(changes: PairChanges): (fields: Fields, exchange: Exchange) => Fields {
  const renamed = new Map(Object.entries(changes.rename ?? {}).map(([name, to]) => [name.toLowerCase(), to]))
  const removed = new Set((changes.remove ?? []).map((name) => name.toLowerCase()))
  const set = Object.entries(changes.set ?? {})
  const added = Object.entries(changes.add ?? {})
  // Whatever takes a name is alone with it.
  const taken = new Set([...set.map(([name]) => name), ...renamed.values()].map((name) => name.toLowerCase()))
  return (fields, exchange) => {
    const changed: Fields = []
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i]!
      const lower = name.toLowerCase()
      const to = renamed.get(lower)
      if (to === undefined ? !removed.has(lower) && !isTaken(lower, fields) : !removed.has(to.toLowerCase())) {
        changed.push(to ?? name, fields[i + 1]!)
      }
    }
    for (const [name, text] of [...set, ...added]) {
      const value = fill(text, exchange, fieldValueOf)
      if (value !== undefined) changed.push(name, value)
    }
    return changed
  }

  /** A field stays beside a rename that has nothing to rename. */
  function isTaken(lower: string, fields: Fields): boolean {
    if (!taken.has(lower)) return false
    const sources = [...renamed].filter(([, to]) => to.toLowerCase() === lower).map(([from]) => from)
    const isSet = set.some(([name]) => name.toLowerCase() === lower)
    return isSet || fields.some((name, i) => i % 2 === 0 && sources.includes(name.toLowerCase()))
  }
}

/** No value of a request ends a field or begins another: what is not printable ASCII is percent-encoded UTF-8. */
function fieldValueOf(text: string): string {
  return /^[\x20-\x7e]*$/.test(text)
    ? text
    : text.toWellFormed().replace(/[^\x20-\x7e]+/gu, (run) => encodeURIComponent(run))
}
