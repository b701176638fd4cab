import { afterString } from './scan.ts'
import type { State } from './states.ts'

/** Where something was taken out: a pointer with `*` for items, undefined where it is one of many. Never a value. */
export type Note = (what: 'undeclared' | 'detected', pointer: string | undefined, count?: number) => void

/** Places that are named, and names that are told apart in objects of one kind. */
const mostNamed = 16
const mostKinds = 100

interface Place {
  pointer: string | undefined
  count: number
}

/** Where a pass took something out: pointers are only spelt out as long as there are few. */
export class Places {
  /** Names on the way to the value at hand; the pass keeps it. */
  readonly path: string[] = []
  readonly #bytes: Buffer
  readonly #note: Note
  readonly #found = new Map<State, Map<number, Place>>()
  readonly #all: Place[] = []

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
    let names = this.#found.get(state)
    if (names === undefined) this.#found.set(state, (names = new Map()))
    const known = names.get(hash)
    if (known !== undefined) {
      known.count++
      return
    }
    const place: Place = { pointer: undefined, count: 1 }
    if (this.#all.length < mostNamed) {
      const end = afterString(this.#bytes, quote)
      // A name of the upstream's: for the log, and no longer than names are.
      this.path[depth] = this.#bytes.toString('utf8', quote + 1, Math.min(end - 1, quote + 65))
      place.pointer = this.#pointer(depth + 1)
    }
    this.#all.push(place)
    if (names.size < mostKinds) names.set(hash, place)
  }

  item(depth: number): void {
    this.#note('undeclared', this.#all.length < mostNamed ? this.#pointer(depth + 1) : undefined)
  }

  detected(): void {
    this.#note('detected', this.#pointer(this.path.length))
  }

  /** Hands on what was counted. */
  tell(): void {
    for (const { pointer, count } of this.#all) this.#note('undeclared', pointer, count)
  }

  #pointer(depth: number): string {
    let pointer = ''
    for (let i = 0; i < depth; i++) pointer += `/${escaped(this.path[i]!)}`
    return pointer
  }
}

function escaped(name: string): string {
  return /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name
}
