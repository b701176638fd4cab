/** Code points, as inclusive ranges. */
export type Ranges = readonly (readonly [number, number])[]

/** The automaton of a pattern without empty moves: each state is a place in the pattern where a character is read. */
export interface Nfa {
  /** What each state reads. */
  readonly reads: readonly Ranges[]
  /** Where it may go on. */
  readonly follow: readonly ReadonlyMap<number, Ways>[]
  /** Whether it has what no automaton has: look-around, back-references. */
  readonly irregular: boolean
}

/** Two loops round the same place lead on from it by two ways: `(a+)+`. */
export type Ways = 'one' | 'several'

interface Part {
  readonly nullable: boolean
  readonly first: readonly number[]
  readonly last: readonly number[]
}

const empty: Part = { nullable: true, first: [], last: [] }
const any: Ranges = [[0, 0x10ffff]]
const classes: Readonly<Record<string, Ranges>> = {
  d: [[0x30, 0x39]],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  s: [
    [0x09, 0x0d],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x3000],
    [0xfeff, 0xfeff],
  ],
}
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 }

/** Larger patterns are not looked into: what costs a second to find out is not worth it. */
const mostStates = 400

/**
 * Reads a pattern that RegExp takes (ECMA-262 §22.2.1) by Glushkov's construction. Bounded repetition counts as none or
 * two, and a property class as any character: what is found may be more than there is, never less than matters.
 *
 * @returns undefined where it is too large
 */
export function nfaOf(pattern: string): Nfa | undefined {
  const reader = new PatternReader(pattern)
  reader.alternatives()
  return reader.reads.length > mostStates ? undefined : reader
}

class PatternReader implements Nfa {
  readonly reads: Ranges[] = []
  readonly follow: Map<number, Ways>[] = []
  irregular = false
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  alternatives(): Part {
    const parts = [this.#sequence()]
    while (this.#text[this.#at] === '|') {
      this.#at++
      parts.push(this.#sequence())
    }
    return {
      nullable: parts.some(({ nullable }) => nullable),
      first: parts.flatMap(({ first }) => first),
      last: parts.flatMap(({ last }) => last),
    }
  }

  #sequence(): Part {
    let whole = empty
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!))
      whole = this.#join(whole, this.#term())
    return whole
  }

  #join(a: Part, b: Part): Part {
    this.#connect(a.last, b.first)
    return {
      nullable: a.nullable && b.nullable,
      first: a.nullable ? [...a.first, ...b.first] : a.first,
      last: b.nullable ? [...a.last, ...b.last] : b.last,
    }
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const a of from) {
      const follow = this.follow[a]!
      for (const b of to) follow.set(b, follow.has(b) ? 'several' : 'one')
    }
  }

  #term(): Part {
    const start = this.#at
    const atom = this.#atom()
    const end = this.#at
    const [whole, , low = '', comma, high] = /^(\*|\+|\?|\{(\d+)(,(\d*))?\})\??/.exec(this.#text.slice(end)) ?? []
    if (whole === undefined || this.reads.length > mostStates) return atom
    this.#at = end + whole.length
    const most =
      whole[0] === '?' ? 1 : whole[0] !== '{' || (comma !== undefined && high === '') ? Infinity : Number(high ?? low)
    const least = whole[0] === '+' ? 1 : whole[0] === '{' ? Number(low) : 0
    if (most === 0) return empty
    if (most === Infinity) this.#connect(atom.last, atom.first)
    if (most === Infinity || most === 1) return least === 0 ? { ...atom, nullable: true } : atom
    // A few times: twice stands for all of them.
    const after = this.#at
    this.#at = start
    const second = this.#atom()
    this.#at = after
    return this.#join(
      least === 0 ? { ...atom, nullable: true } : atom,
      least < 2 ? { ...second, nullable: true } : second,
    )
  }

  #atom(): Part {
    const char = this.#text[this.#at]!
    if (char === '(') return this.#group()
    if (char === '^' || char === '$') {
      this.#at++
      return empty
    }
    if (char === '[') return this.#state(this.#set())
    if (char === '.') {
      this.#at++
      return this.#state(
        without([
          [10, 10],
          [13, 13],
          [0x2028, 0x2029],
        ]),
      )
    }
    if (char === '\\') {
      const next = this.#text[this.#at + 1]!
      if (next === 'b' || next === 'B') {
        this.#at += 2
        return empty
      }
      if (/[1-9k]/.test(next)) {
        this.irregular = true
        this.#at += (/^\\(k<[^>]*>|\d+)/.exec(this.#text.slice(this.#at)) ?? ['\\k'])[0].length
        return empty
      }
    }
    return this.#state(this.#char())
  }

  #group(): Part {
    const head = /^\((\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:))?/.exec(this.#text.slice(this.#at))![0]
    this.#at += head.length
    const inner = this.alternatives()
    this.#at++
    if (!/[=!]$/.test(head)) return inner
    this.irregular = true
    return empty
  }

  #state(reads: Ranges): Part {
    const state = this.reads.push(reads) - 1
    this.follow.push(new Map())
    return { nullable: false, first: [state], last: [state] }
  }

  #set(): Ranges {
    this.#at++
    const negated = this.#text[this.#at] === '^'
    if (negated) this.#at++
    const ranges: (readonly [number, number])[] = []
    while (this.#at < this.#text.length && this.#text[this.#at] !== ']') {
      const from = this.#char(true)
      const isRange = this.#text[this.#at] === '-' && !(this.#text[this.#at + 1] ?? ']').startsWith(']')
      if (!isRange || from.length !== 1 || from[0]![0] !== from[0]![1]) {
        ranges.push(...from)
        continue
      }
      this.#at++
      const to = this.#char(true)
      ranges.push([from[0]![0], to.at(-1)![1]])
    }
    this.#at++
    return negated ? without(ranges) : ranges
  }

  /** One character or class, escaped or not. */
  #char(inSet = false): Ranges {
    const text = this.#text
    if (text[this.#at] !== '\\') {
      const point = text.codePointAt(this.#at)!
      this.#at += point > 0xffff ? 2 : 1
      return [[point, point]]
    }
    const [whole, hex] =
      /^\\(?:u\{([0-9A-Fa-f]+)\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[\s\S])/.exec(
        text.slice(this.#at),
      ) ?? ['\\']
    this.#at += whole.length
    const kind = whole[1] ?? ''
    if (kind === 'p' || kind === 'P') return any
    if (hex !== undefined) return point(Number.parseInt(hex, 16))
    if (whole.length > 2 && (kind === 'u' || kind === 'x')) return point(Number.parseInt(whole.slice(2), 16))
    if (inSet && kind === 'b') return point(8)
    if (Object.hasOwn(classes, kind)) return classes[kind]!
    if ('DWS'.includes(kind) && kind !== '') return without(classes[kind.toLowerCase()]!)
    if (Object.hasOwn(controls, kind)) return point(controls[kind]!)
    return point(kind.codePointAt(0) ?? 0x5c)
  }
}

function point(code: number): Ranges {
  return [[code, code]]
}

function without(ranges: Ranges): Ranges {
  const left: (readonly [number, number])[] = []
  let next = 0
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from > next) left.push([next, from - 1])
    next = Math.max(next, to + 1)
  }
  if (next <= 0x10ffff) left.push([next, 0x10ffff])
  return left
}
