/**
 * A pattern as the compiler writes it into the service. `sets`: code points (units, without the flag `u`) as `[from, to, from,
 * to, …]`. `code`: `0 set` reads one, `1 a b` goes on at both, `2 a` at one, `3 kind` asserts `^`, `$`, `\b` or `\B`, `4` matches.
 */
export interface Automaton {
  readonly sets: readonly (readonly number[])[]
  readonly code: readonly number[]
}

/** What stands before a place: nothing, a letter of a word, or another. */
type Before = 0 | 1 | 2

interface State {
  /** Where in the code reading goes on, in order. */
  readonly places: readonly number[]
  readonly before: Before
  /** By kind of character, the last one for the end; true: it matches whatever follows. */
  readonly next: (State | boolean | undefined)[]
}

/** Numbers kept of late; a text that asks for more is read without keeping any. */
const mostKept = 200_000

/** Reads a text once, all ways through the pattern at a time, and keeps what it has found out for the next text. */
export class AutomatonRunner {
  readonly #code: readonly number[]
  readonly #unicode: boolean
  /** Where each kind of character begins, in order. */
  readonly #bounds: readonly number[]
  /** By set, then kind: whether it is read. */
  readonly #reads: readonly Uint8Array[]
  readonly #isWord: Uint8Array
  readonly #ascii = new Uint16Array(128)
  readonly #end: number
  readonly #marks: Uint32Array
  #mark = 0
  #kept = 0
  #states = new Map<string, State>()

  constructor({ sets, code }: Automaton, unicode: boolean) {
    this.#code = code
    this.#unicode = unicode
    const all = [...sets, word]
    const bounds = new Set([0])
    for (const set of all) for (let i = 0; i < set.length; i += 2) bounds.add(set[i]!).add(set[i + 1]! + 1)
    this.#bounds = [...bounds].sort((a, b) => a - b)
    this.#end = this.#bounds.length
    this.#reads = all.map((set) => Uint8Array.from(this.#bounds, (from) => (has(set, from) ? 1 : 0)))
    this.#isWord = this.#reads.at(-1)!
    for (let i = 0; i < 128; i++) this.#ascii[i] = this.#kindOf(i)
    this.#marks = new Uint32Array(code.length + 1)
  }

  test(text: string): boolean {
    if (this.#kept > mostKept) {
      this.#states = new Map()
      this.#kept = 0
    }
    let state = this.#keep([0], 0)
    for (let i = 0; i < text.length; ) {
      const code = this.#unicode ? text.codePointAt(i)! : text.charCodeAt(i)
      i += code > 0xffff ? 2 : 1
      const kind = code < 128 ? this.#ascii[code]! : this.#kindOf(code)
      const next = (state.next[kind] ??= this.#step(state, kind))
      if (next === true) return true
      state = next as State
    }
    return (state.next[this.#end] ??= this.#step(state, this.#end)) === true
  }

  #step({ places, before }: State, kind: number): State | boolean {
    const after: number[] = []
    const mark = this.#nextMark()
    const pending = [...places]
    const isEnd = kind === this.#end
    const isEdge = (before === 1) !== (!isEnd && this.#isWord[kind] === 1)
    while (pending.length > 0) {
      const at = pending.pop()!
      if (this.#marks[at] === mark) continue
      this.#marks[at] = mark
      const operand = this.#code[at + 1]!
      switch (this.#code[at]) {
        case 0:
          if (!isEnd && this.#reads[operand]![kind] === 1) after.push(at + 2)
          break
        case 1:
          pending.push(operand, this.#code[at + 2]!)
          break
        case 2:
          pending.push(operand)
          break
        case 3:
          if (operand === 0 ? before === 0 : operand === 1 ? isEnd : isEdge === (operand === 2)) pending.push(at + 2)
          break
        default:
          return true
      }
    }
    if (isEnd) return false
    // A match may begin anywhere.
    after.push(0)
    return this.#keep(after, this.#isWord[kind] === 1 ? 1 : 2)
  }

  #keep(places: number[], before: Before): State {
    if (this.#kept > mostKept) return { places, before, next: [] }
    places.sort((a, b) => a - b)
    const key = `${before}:${places.join()}`
    let state = this.#states.get(key)
    if (state === undefined) {
      this.#states.set(key, (state = { places, before, next: [] }))
      this.#kept += places.length + this.#end + 10
    }
    return state
  }

  #nextMark(): number {
    if (this.#mark === 0xffffffff) {
      this.#marks.fill(0)
      this.#mark = 0
    }
    return ++this.#mark
  }

  #kindOf(code: number): number {
    let low = 0
    let high = this.#bounds.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#bounds[middle]! <= code) low = middle
      else high = middle
    }
    return low
  }
}

const word = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]

function has(set: readonly number[], code: number): boolean {
  for (let i = 0; i < set.length; i += 2) if (set[i]! <= code && code <= set[i + 1]!) return true
  return false
}
