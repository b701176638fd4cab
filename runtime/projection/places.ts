import { afterString } from './scan.ts'
import type { State } from './states.ts'

/** Where something was taken out: a pointer with `*` for items, undefined where it is one of many. Never a value. */
export type Note = (what: 'undeclared' | 'detected', pointer: string | undefined, count?: number) => void

/** Places that are named, and names that are told apart in objects of one kind. */
const mostNamed = 16
const mostKinds = 100

interface Place {
  count: number
}

/** Where a pass took something out: pointers are only spelt out as long as there are few. */
export class Places {
  /** Names on the way to the value at hand; the pass keeps it. */
  readonly path: string[] = []
  /** Whether what is counted may be taken back. */
  isTentative = false
  readonly #bytes: Buffer
  readonly #note: Note
  readonly #byName = new Map<State, Map<number, Place>>()
  readonly #named = new Map<string, Place>()
  readonly #others: Place = { count: 0 }
  readonly #tentative: Place[] = []

  constructor(bytes: Buffer, note: Note) {
    this.#bytes = bytes
    this.#note = note
  }

  /**
   * A name is spelt out once for the objects of one kind; after that it is only counted.
   * @param hash of the name
   * @param quote where the name begins
   */
  undeclared(state: State, hash: number, quote: number, depth: number): void {
    let names = this.#byName.get(state)
    if (names === undefined) this.#byName.set(state, (names = new Map()))
    let place = names.get(hash)
    if (place === undefined) {
      if (this.#named.size < mostNamed) {
        const end = afterString(this.#bytes, quote)
        // A name of the upstream's: for the log, and no longer than names are.
        this.path[depth] = this.#bytes.toString('utf8', quote + 1, Math.min(end - 1, quote + 65))
      }
      place = this.#place(depth)
      if (names.size < mostKinds) names.set(hash, place)
    }
    this.#count(place)
  }

  item(depth: number): void {
    this.#count(this.#place(depth))
  }

  #place(depth: number): Place {
    if (this.#named.size >= mostNamed) return this.#others
    const pointer = this.#pointer(depth + 1)
    let place = this.#named.get(pointer)
    if (place === undefined) this.#named.set(pointer, (place = { count: 0 }))
    return place
  }

  #count(place: Place): void {
    place.count++
    if (this.isTentative) this.#tentative.push(place)
  }

  get mark(): number {
    return this.#tentative.length
  }

  /** Takes back what was counted since. */
  back(mark: number): void {
    for (const place of this.#tentative.splice(mark)) place.count--
  }

  detected(): void {
    this.#note('detected', this.#pointer(this.path.length))
  }

  /** Hands on what was counted. */
  tell(): void {
    for (const [pointer, { count }] of this.#named) if (count > 0) this.#note('undeclared', pointer, count)
    if (this.#others.count > 0) this.#note('undeclared', undefined, this.#others.count)
  }

  #pointer(depth: number): string {
    let pointer = ''
    for (let i = 0; i < depth; i++) pointer += `/${escaped(this.path[i]!)}`
    return pointer
  }
}

function escaped(name: string): string {
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name
}
