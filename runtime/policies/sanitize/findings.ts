import type { Exchange } from '../../core/exchange.ts'
import type { Note } from '../../projection/places.ts'

/** Different places that the log names. */
const mostPlaces = 10
/** Under which all others are counted. No pointer is spelt so. */
const others = 'others'

const words = { undeclared: 'stripped', detected: 'detected' } as const

/** What was found in one answer: counted by place. Never a value. */
export class Findings {
  readonly #places = new Map<keyof typeof words, Map<string, number>>()

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
      const places = [...this.#places.values()]
      exchange.record('sanitize', end, { status, ...detail }, () => places.flatMap((found) => [...found]))
      return
    }
    for (const [what, places] of this.#places) {
      exchange.record('sanitize', words[what], { status, [what]: detail[what] }, () => [...places])
    }
  }
}
