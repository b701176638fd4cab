import type { Ranges } from './ranges.ts'
import type { Syntax } from './syntax.ts'

/** The automaton of a pattern without empty moves: each state is a place in the pattern where a character is read. */
export interface Nfa {
  /** What each state reads. */
  readonly reads: readonly Ranges[]
  /** Where it may go on. */
  readonly follow: readonly ReadonlyMap<number, Ways>[]
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

/** Larger patterns are not looked into: what costs a second to find out is not worth it. */
const mostStates = 400
/** More ways than these through what has an end count as ways without end: `^(a?){50}$`. */
const manyWays = 200

/**
 * The places a backtracking engine may be at, by Glushkov's construction, the search for a place to begin among them. What is
 * found may be more than there is, never less than matters: assertions hold everywhere, look-around is a way that ends.
 *
 * @returns undefined where it is too large
 */
export function nfaOf(syntax: Syntax): Nfa | undefined {
  const builder = new Builder(ways(syntax) > manyWays)
  builder.whole(syntax)
  return builder.reads.length > mostStates ? undefined : builder
}

class Builder implements Nfa {
  readonly reads: Ranges[] = []
  readonly follow: Map<number, Ways>[] = []
  /** Whether to take repetition with an end for repetition without. */
  readonly #endless: boolean

  constructor(endless: boolean) {
    this.#endless = endless
  }

  whole(syntax: Syntax): void {
    const start = this.#loop()
    for (const one of syntax.kind === 'choice' ? syntax.parts : [syntax]) {
      const { first } = this.#build(one, true)
      if (!isAnchored(one)) this.#connect(start.last, first)
    }
  }

  /** @param isEnd whether nothing stands after it, so that nothing can fail after it */
  #build(syntax: Syntax, isEnd = false): Part {
    if (this.reads.length > mostStates) return empty
    switch (syntax.kind) {
      case 'set':
        return this.#state(syntax.ranges)
      case 'sequence':
        return syntax.parts.reduce<Part>(
          (whole, part, i) => this.#join(whole, this.#build(part, isEnd && i === syntax.parts.length - 1)),
          empty,
        )
      case 'choice': {
        const parts = syntax.parts.map((part) => this.#build(part))
        return {
          nullable: parts.some(({ nullable }) => nullable),
          first: parts.flatMap(({ first }) => first),
          last: parts.flatMap(({ last }) => last),
        }
      }
      case 'repeat':
        return this.#repeat(syntax.body, syntax.least, isEnd && syntax.body.kind === 'set' ? syntax.least : syntax.most)
      case 'assert':
        return empty
      case 'ahead':
        return { ...this.#build(syntax.body!), nullable: true, last: [] }
      case 'behind':
        return isEndless(syntax.body!) ? { ...this.#loop(), nullable: true, last: [] } : empty
      case 'back':
        if (syntax.body === undefined || isEndless(syntax.body)) return { ...this.#loop(), nullable: true }
        return { ...this.#state(any), nullable: true }
    }
  }

  #repeat(body: Syntax, least: number, most: number): Part {
    if (most === 0) return empty
    const once = this.#build(body)
    const isEndless = most === Number.POSITIVE_INFINITY || (this.#endless && most > 1 && most !== least)
    const isManifold = once.nullable && least > 1
    if (isEndless || (isManifold && this.#endless)) this.#connect(once.last, once.first)
    if (isManifold && this.#endless) this.#connect(once.last, once.first)
    if (least === 0 && (isEndless || most === 1)) return { ...once, nullable: true }
    if (isEndless || most === 1) return once
    // A few times: twice stands for all of them.
    const twice = this.#build(body)
    return this.#join(
      least === 0 ? { ...once, nullable: true } : once,
      least < 2 ? { ...twice, nullable: true } : twice,
    )
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

  #loop(): Part {
    const state = this.#state(any)
    this.#connect(state.last, state.first)
    return state
  }

  #state(reads: Ranges): Part {
    const state = this.reads.push(reads) - 1
    this.follow.push(new Map())
    return { nullable: false, first: [state], last: [state] }
  }
}

/** Whether it can match at the beginning of the text alone. */
export function isAnchored(syntax: Syntax): boolean {
  if (syntax.kind === 'assert') return syntax.is === '^'
  if (syntax.kind === 'choice') return syntax.parts.every(isAnchored)
  if (syntax.kind === 'repeat') return syntax.least > 0 && isAnchored(syntax.body)
  if (syntax.kind !== 'sequence') return false
  return syntax.parts.length > 0 && isAnchored(syntax.parts[0]!)
}

function isEndless(syntax: Syntax): boolean {
  if (syntax.kind === 'repeat') return syntax.most > 100 || isEndless(syntax.body)
  if ('parts' in syntax) return syntax.parts.some(isEndless)
  return syntax.kind === 'back' || ('body' in syntax && syntax.body !== undefined && isEndless(syntax.body))
}

/** How many ways lead through it at most, what has no end counted once. */
function ways(syntax: Syntax): number {
  switch (syntax.kind) {
    case 'sequence':
      return syntax.parts.reduce((product, part) => product * ways(part), 1)
    case 'choice':
      return syntax.parts.reduce((sum, part) => sum + ways(part), 0)
    case 'repeat': {
      const once = ways(syntax.body)
      if (syntax.most === Number.POSITIVE_INFINITY) return once ** Math.max(1, syntax.least)
      return once ** syntax.most * (syntax.most - syntax.least + 1)
    }
    case 'ahead':
      return 1 + ways(syntax.body!)
    default:
      return 1
  }
}
