import type { Chooser } from './chooser.ts'
import type { Cuts } from './cuts.ts'
import type { Inspect } from './inspect.ts'
import { hashed } from './key-table.ts'
import { MalformedJson, Undeclared } from './malformed.ts'
import { at, size } from './parsed.ts'
import { type Note, Places } from './places.ts'
import { afterSpace, afterString, afterValue } from './scan.ts'
import type { Member, State } from './states.ts'
import { ChosenText } from './text-choice.ts'

/** What a pass is made with. */
export interface PassOptions {
  /** What becomes of members and items that are not declared; `block` throws {@link Undeclared}. */
  readonly undeclared: 'pass' | 'strip' | 'block'
  readonly depth: number
  readonly chooser: Chooser
  /** Looks into the strings that stay. */
  readonly inspect: Inspect | undefined
}

/**
 * One pass over a JSON text along what is declared of it: what is not declared is cut out, everything else stays byte for
 * byte. Names are compared decoded. What is cut out is held to be well-formed too.
 */
export class Pass {
  readonly #bytes: Buffer
  readonly #cuts: Cuts
  readonly #options: PassOptions
  readonly #roles: readonly string[]
  readonly #strips: boolean
  readonly #inspect: Inspect | undefined
  readonly #places: Places
  readonly #chosen: ChosenText
  /** Names on the way to the value at hand. */
  readonly #path: string[]
  /** Of the object or array at hand, once it had to be parsed. */
  #parsed: unknown
  /** Where the next name is looked for first. */
  #guess = 0
  #hash = 0
  /** The name read last, where it had to be decoded, and what is declared by it. */
  #name: string | undefined
  #member: Member | undefined
  /** What is declared of the member or item at hand; undefined: it does not stay. */
  #inner: State | undefined
  #isDropped = false
  #text: Buffer | undefined

  /** @param bytes with a zero behind them */
  constructor(bytes: Buffer, cuts: Cuts, options: PassOptions, roles: readonly string[], note: Note) {
    this.#bytes = bytes
    this.#cuts = cuts
    this.#options = options
    this.#roles = roles
    this.#places = new Places(bytes, note)
    this.#chosen = new ChosenText(bytes, options.depth)
    this.#path = this.#places.path
    this.#strips = options.undeclared !== 'pass'
    this.#inspect = options.inspect
  }

  run(state: State): void {
    try {
      this.#run(state)
    } finally {
      this.#places.tell()
    }
  }

  #run(state: State): void {
    const bytes = this.#bytes
    const start = afterSpace(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)
    let end: number
    if (this.#inspect !== undefined && bytes[start] === 0x22) {
      end = this.#string(start)
      if (this.#isDropped) this.#cuts.cut(start, end, Buffer.from('null'))
      else if (this.#text !== undefined) this.#cuts.cut(start, end, this.#text)
    } else end = this.#value(start, state, undefined, 0)
    if (afterSpace(bytes, end) !== bytes.length - 1) throw new MalformedJson('what follows')
  }

  /** @param value parsed, where an object or array around it had to be */
  #value(i: number, state: State, value: unknown, depth: number): number {
    const c = this.#bytes[i]
    if (c !== 0x7b && c !== 0x5b) return afterValue(this.#bytes, i, 0)
    if (state.isAny && this.#inspect === undefined && value === undefined)
      return afterValue(this.#bytes, i, this.#options.depth - depth)
    return this.#entries(i, state, value, depth)
  }

  /** An object's members or an array's items. */
  #entries(from: number, declared: State, given: unknown, depth: number): number {
    if (depth >= this.#options.depth) throw new MalformedJson('depth')
    const bytes = this.#bytes
    const isObject = bytes[from] === 0x7b
    const close = isObject ? 0x7d : 0x5d
    let value = given
    let state = declared
    if (declared.choices.length > 0) {
      state = this.#settled(declared, value, from, depth)
      value = this.#parsed
    }
    let i = afterSpace(bytes, from + 1)
    if (bytes[i] === close) return i + 1
    if (!isObject) this.#path[depth] = '*'
    const tags: Member[] | undefined = isObject && value === undefined && state.choices.length > 0 ? [] : undefined
    let comma = -1
    let isKept = false
    let dropped = -1
    let guess = 0
    for (let index = 0; ; index++) {
      const start = i
      if (isObject) {
        this.#guess = guess
        i = this.#declaredMember(i, state, depth)
        guess = this.#guess
        if (tags !== undefined && this.#member?.isTag === true) meet(this.#member, tags)
      } else this.#declaredItem(state, index, depth)
      const inner = this.#inner
      let isDropped = inner === undefined
      if (inner === undefined) i = afterValue(bytes, i, this.#options.depth - depth - 1)
      else if (this.#inspect !== undefined && bytes[i] === 0x22) {
        const quote = i
        this.#path.length = depth + 1
        i = this.#string(quote)
        isDropped = this.#isDropped
        if (!isDropped) {
          if (!isKept && dropped >= 0) this.#cuts.cut(dropped, start)
          if (this.#text !== undefined) this.#cuts.cut(quote, i, this.#text)
        }
      } else {
        if (!isKept && dropped >= 0) this.#cuts.cut(dropped, start)
        const key = isObject ? (this.#name ?? this.#member?.name) : index
        i = this.#value(i, inner, value === undefined || key === undefined ? undefined : at(value, key), depth + 1)
      }
      if (!isDropped) isKept = true
      else if (isKept) this.#cuts.cut(comma, i)
      else if (dropped < 0) dropped = start
      const end = i
      i = afterSpace(bytes, i)
      const c = bytes[i]
      if (c === close) {
        if (!isKept && dropped >= 0) this.#cuts.cut(dropped, end)
        // What was judged is not what is read where a name is given twice (RFC 8259 §4).
        if (isObject && value !== undefined && index + 1 !== size(value)) throw new MalformedJson('a name given twice')
        return i + 1
      }
      if (c !== 0x2c) throw new MalformedJson('a comma')
      comma = i
      i = afterSpace(bytes, i + 1)
    }
  }

  /** What holds for an object or an array; where its text does not tell, it is parsed, and `#parsed` is what it is. */
  #settled(declared: State, value: unknown, from: number, depth: number): State {
    const { chooser, depth: deepest } = this.#options
    this.#parsed = value
    if (!this.#strips || value !== undefined) return chooser.decide(declared, value)
    const settled = chooser.decideByText(declared, from, this.#chosen, depth)
    if (settled !== undefined) return settled
    const text = this.#bytes.toString('utf8', from, afterValue(this.#bytes, from, deepest - depth))
    this.#parsed = JSON.parse(text) as unknown
    return chooser.decide(declared, this.#parsed)
  }

  /** Reads a name and the colon behind it. @returns where the value begins */
  #declaredMember(quote: number, state: State, depth: number): number {
    const bytes = this.#bytes
    let i = afterSpace(bytes, this.#key(quote, state))
    if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
    i = afterSpace(bytes, i + 1)
    const member = this.#member
    if (member !== undefined) {
      this.#path[depth] = member.name
      this.#inner = this.#mayPass(member) ? member.state : undefined
    } else if (this.#strips && !state.isAny) {
      this.#places.undeclared(state, this.#hash, quote, depth)
      this.#refuse()
      this.#inner = undefined
    } else {
      this.#path[depth] = '*'
      this.#inner = this.#unsaid(state)
    }
    return i
  }

  #declaredItem(state: State, index: number, depth: number): void {
    const item = state.item(index)
    if (item === undefined && this.#strips) {
      this.#places.item(depth)
      this.#refuse()
      this.#inner = undefined
    } else this.#inner = item === 'hidden' ? undefined : (item ?? this.#unsaid(state))
  }

  #refuse(): void {
    if (this.#options.undeclared === 'block') throw new Undeclared()
  }

  /** Reads a name; `#member` is what is declared by it. */
  #key(quote: number, state: State): number {
    const bytes = this.#bytes
    if (bytes[quote] !== 0x22) throw new MalformedJson('a name')
    const from = quote + 1
    this.#name = undefined
    if (state.isAny) {
      this.#member = undefined
      return afterString(bytes, quote)
    }
    const { table } = state
    const guess = this.#guess
    if (table.isAt(guess, bytes, from)) {
      this.#guess = guess + 1
      this.#member = table.values[guess]
      return from + table.lengthOf(guess) + 1
    }
    let hash = 0
    let i = from
    let c = bytes[i]!
    for (; c !== 0x22 && c !== 0x5c && c >= 0x20; c = bytes[++i]!) hash = hashed(hash, c)
    this.#hash = hash
    const hasEscape = c !== 0x22
    const end = hasEscape ? afterString(bytes, quote) : i + 1
    if (!hasEscape) {
      const index = table.find(bytes, from, i, hash)
      if (index >= 0) {
        this.#guess = index + 1
        this.#member = table.values[index]
        return end
      }
      if (!state.hasOthers) {
        this.#member = undefined
        return end
      }
    }
    const text = bytes.toString('utf8', quote, end)
    const name = hasEscape ? (JSON.parse(text) as string) : text.slice(1, -1)
    this.#name = name
    this.#member = hasEscape ? state.member(name) : state.other(name)
    return end
  }

  /** Looks into a string that would stay: `#isDropped` where it is taken out, `#text` where something stands instead. */
  #string(quote: number): number {
    const bytes = this.#bytes
    const end = afterString(bytes, quote)
    const raw = bytes.toString('utf8', quote, end)
    const text = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1)
    const found = this.#inspect!.look(text)
    this.#isDropped = found === 'strip'
    this.#text = typeof found === 'object' ? Buffer.from(JSON.stringify(found.text)) : undefined
    if (found !== undefined) this.#places.detected()
    return end
  }

  #mayPass({ isHidden, visibleTo }: Member): boolean {
    if (isHidden) return false
    return visibleTo.length === 0 || visibleTo.every((roles) => roles.some((role) => this.#roles.includes(role)))
  }

  /** What stands in a member or an item that is not declared and stays. */
  #unsaid(state: State): State {
    return state.isAny ? state : this.#options.chooser.anything
  }
}

/** A discriminator that is given twice would be read as one and judged as the other. */
function meet(tag: Member, met: Member[]): void {
  if (met.includes(tag)) throw new MalformedJson('a name given twice')
  met.push(tag)
}
