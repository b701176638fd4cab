import type { KnownPointers } from './known-pointers.ts'
import { afterString } from './scan.ts'
import type { State } from './states.ts'

/** Where something was taken out: a pointer with `*` for items, undefined where it is one of many. Never a value. */
export type Note = (what: 'undeclared' | 'detected', pointer: string | undefined, count?: number) => void

/** Places that are named, and names that are told apart in objects of different kinds. */
const mostNamed = 16
const mostMet = 64

interface Place {
  readonly pointer: string | undefined
  count: number
}

/** A name in the objects of one kind. */
interface Met {
  readonly state: State
  readonly hash: number
  readonly place: Place
}

/** Where a pass took something out: pointers are only spelt out as long as there are few. */
export class Places {
  /** Names on the way to the value at hand; the pass keeps it. */
  readonly path: string[] = []
  /** Whether what is counted may be taken back. */
  isTentative = false
  readonly #bytes: Buffer
  readonly #note: Note
  readonly #known: KnownPointers
  /** Few: they are searched from the one met last. */
  readonly #met: Met[] = []
  #last = 0
  readonly #named: Place[] = []
  readonly #others: Place = { pointer: undefined, count: 0 }
  readonly #tentative: Place[] = []

  constructor(bytes: Buffer, note: Note, known: KnownPointers) {
    this.#bytes = bytes
    this.#note = note
    this.#known = known
  }

  /**
   * A name is spelt out once for the objects of one kind; after that it is only counted.
   * @param hash of the name
   * @param quote where the name begins
   */
  undeclared(state: State, hash: number, quote: number, depth: number): void {
    const met = this.#met
    for (let n = 0, i = this.#last; n < met.length; n++, i++) {
      if (i === met.length) i = 0
      const one = met[i]!
      if (one.hash !== hash || one.state !== state) continue
      this.#last = i
      this.#count(one.place)
      return
    }
    const place = this.#named.length < mostNamed ? this.#placeOf(this.#spelt(hash, quote, depth)) : this.#others
    if (met.length < mostMet) this.#last = met.push({ state, hash, place }) - 1
    this.#count(place)
  }

  #spelt(hash: number, quote: number, depth: number): string {
    const bytes = this.#bytes
    const from = quote + 1
    const end = afterString(bytes, quote) - 1
    const known = this.#known.find(bytes, from, end, hash, this.path, depth)
    if (known !== undefined) return known
    // A name of the upstream's: for the log, and no longer than names are.
    this.path[depth] = bytes.toString('utf8', from, Math.min(end, from + 64))
    const pointer = this.#pointer(depth + 1)
    this.#known.add(bytes, from, end, hash, this.path, depth, pointer)
    return pointer
  }

  item(depth: number): void {
    this.#count(this.#named.length < mostNamed ? this.#placeOf(this.#pointer(depth + 1)) : this.#others)
  }

  #placeOf(pointer: string): Place {
    const { length } = this.#named
    for (let i = 0; i < length; i++) if (this.#named[i]!.pointer === pointer) return this.#named[i]!
    const place: Place = { pointer, count: 0 }
    this.#named.push(place)
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
    for (const { pointer, count } of this.#named) if (count > 0) this.#note('undeclared', pointer, count)
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
