import type { Entry } from './bucket.ts'
import type { Mark } from './marks.ts'

/** Which entries a mark finds. */
export class MarkIndex {
  readonly #entries = new Map<Mark, Set<Entry>>()

  /** How many entries there are. */
  count = 0

  add(entry: Entry): void {
    this.count++
    for (const mark of entry.marks) {
      const known = this.#entries.get(mark)
      if (known === undefined) this.#entries.set(mark, new Set([entry]))
      else known.add(entry)
    }
  }

  remove(entry: Entry): void {
    this.count--
    for (const mark of entry.marks) {
      const known = this.#entries.get(mark)
      known?.delete(entry)
      if (known?.size === 0) this.#entries.delete(mark)
    }
  }

  /** A list of its own, since the entries are about to leave. */
  find(marks: readonly Mark[]): Entry[] {
    return [...new Set(marks.flatMap((mark) => [...(this.#entries.get(mark) ?? [])]))]
  }
}
