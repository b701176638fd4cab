import type { PolicyEvent } from '../core/exchange.ts'

/** Places that are told apart in the answers of one operation; further ones are counted together. */
const mostPlaces = 100
const others = 'others'

/** One line of the metrics page. */
export interface FindingSample {
  readonly labels: Readonly<Record<'operation' | 'policy' | 'event' | 'status' | 'pointer', string>>
  value: number
}

/** How often policies found something where in answers: by operation, status and place, bounded whatever upstreams send. */
export class Findings {
  readonly #byOperation = new Map<string, Map<string, FindingSample>>()

  count(operation: string, { policy, event, places, detail }: PolicyEvent): void {
    if (places === undefined) return
    let known = this.#byOperation.get(operation)
    if (known === undefined) this.#byOperation.set(operation, (known = new Map()))
    const status = String(detail?.['status'] ?? '')
    for (const [place, count] of places()) {
      let pointer = withoutData(place)
      let key = `${policy} ${event} ${status} ${pointer}`
      if (!known.has(key) && known.size >= mostPlaces) {
        pointer = others
        key = `${policy} ${event} ${status}`
      }
      const sample = known.get(key)
      if (sample !== undefined) sample.value += count
      else known.set(key, { labels: { operation, policy, event, status, pointer }, value: count })
    }
  }

  samples(): FindingSample[] {
    return [...this.#byOperation.values()].flatMap((samples) => [...samples.values()])
  }
}

/** Indexes, and names that could be values (identifiers, addresses, dates), are `*`: metrics are kept for long. */
function withoutData(pointer: string): string {
  return pointer
    .split('/')
    .map((name) => (name === '' || (/^[A-Za-z_$#@][\w$.:~-]{0,63}$/.test(name) && !/\d{3}/.test(name)) ? name : '*'))
    .join('/')
}
