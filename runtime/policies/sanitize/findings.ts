import type { Exchange } from '../../core/exchange.ts'
import type { Note } from '../../projection/places.ts'

/** Different places that the log names. */
const mostPlaces = 10
/** Under which all others are counted. No pointer is spelt so. */
const others = 'others'

/** What was found in one answer: counted by place for the log, by kind for the metrics. Never a value. */
export class Findings {
  readonly #places = new Map<string, Map<string, number>>()

  readonly note: Note = (what, pointer, count = 1) => {
    let places = this.#places.get(what)
    if (places === undefined) this.#places.set(what, (places = new Map()))
    const known = pointer === undefined ? undefined : places.get(pointer)
    const isNamed = pointer !== undefined && (known !== undefined || places.size < mostPlaces)
    if (isNamed) places.set(pointer, (known ?? 0) + count)
    else places.set(others, (places.get(others) ?? 0) + count)
  }

  /** @param end what became of the answer, where it does not go out */
  record(exchange: Exchange, status: number, end?: 'malformed' | 'blocked'): void {
    const detail = Object.fromEntries([...this.#places].map(([what, places]) => [what, Object.fromEntries(places)]))
    if (end !== undefined) {
      exchange.record('sanitize', end, { status, ...detail })
      return
    }
    if (this.#places.has('undeclared'))
      exchange.record('sanitize', 'stripped', { status, undeclared: detail['undeclared'] })
    if (this.#places.has('detected')) exchange.record('sanitize', 'detected', { status, detected: detail['detected'] })
  }
}
