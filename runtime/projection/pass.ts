import type { Chooser } from './chooser.ts'
import { Cuts } from './cuts.ts'
import type { Inspect } from './inspect.ts'
import { hashed } from './key-table.ts'
import { MalformedJson, Undeclared } from './malformed.ts'
import { at, size } from './parsed.ts'
import { type Note, Places } from './places.ts'
import { afterSpace, afterString, afterValue } from './scan.ts'
import type { Member, State } from './states.ts'
import { Tags } from './tags.ts'

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
  readonly cuts = new Cuts()
  readonly #bytes: Buffer
  readonly #options: PassOptions
  readonly #roles: readonly string[]
  readonly #strips: boolean
  readonly #inspect: Inspect | undefined
  readonly #places: Places
  /** Names on the way to the value at hand. */
  readonly #path: string[]
  #hash = 0
  #tags: Tags | undefined
  #member: Member | undefined
  #name: string | undefined
  #guess = 0
  #isDropped = false
  #text: Buffer | undefined

  constructor(bytes: Buffer, options: PassOptions, roles: readonly string[], note: Note) {
    this.#bytes = bytes
    this.#options = options
    this.#roles = roles
    this.#places = new Places(bytes, note)
    this.#path = this.#places.path
    this.#strips = options.undeclared !== 'pass'
    this.#inspect = options.inspect
  }

  /** @param value the parsed text, where it decides what is declared of it */
  run(state: State, value: unknown): Buffer {
    try {
      return this.#run(state, value)
    } finally {
      this.#places.tell()
    }
  }

  #run(state: State, value: unknown): Buffer {
    const bytes = this.#bytes
    const start = afterSpace(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)
    let end: number
    if (this.#inspect !== undefined && bytes[start] === 0x22) {
      end = this.#string(start)
      if (this.#isDropped) this.cuts.cut(start, end, Buffer.from('null'))
      else if (this.#text !== undefined) this.cuts.cut(start, end, this.#text)
    } else end = this.#value(start, state, value, 0)
    if (afterSpace(bytes, end) !== bytes.length) throw new MalformedJson('what follows')
    return this.cuts.apply(bytes)
  }

  #value(i: number, state: State, value: unknown, depth: number): number {
    const c = this.#bytes[i]
    if (state.isAny && this.#inspect === undefined && value === undefined)
      return afterValue(this.#bytes, i, this.#options.depth - depth)
    if (c === 0x7b) return this.#object(i, state, value, depth)
    if (c === 0x5b) return this.#array(i, state, value, depth)
    return afterValue(this.#bytes, i, 0)
  }

  #object(from: number, declared: State, value: unknown, depth: number): number {
    if (depth >= this.#options.depth) throw new MalformedJson('depth')
    const bytes = this.#bytes
    const isTagged = declared.choices.length > 0 && value === undefined && this.#strips
    const state = this.#settled(declared, value, isTagged ? from : -1, depth)
    let i = afterSpace(bytes, from + 1)
    if (bytes[i] === 0x7d) return i + 1
    // Discriminators, and whether they have been met.
    const tagged = isTagged ? new Map(state.choices.map(({ by }) => [by ?? '', false])) : undefined
    let count = 0
    let comma = -1
    let isKept = false
    let dropped = -1
    let guess = 0
    for (;;) {
      const start = i
      this.#guess = guess
      i = this.#key(i, state)
      guess = this.#guess
      const member = this.#member
      count++
      if (tagged !== undefined && member !== undefined && tagged.has(member.name)) {
        if (tagged.get(member.name) === true) throw new MalformedJson('a name given twice')
        tagged.set(member.name, true)
      }
      i = afterSpace(bytes, i)
      if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
      i = afterSpace(bytes, i + 1)
      let isDropped = false
      let inner = state
      if (member === undefined) {
        if (this.#strips && !state.isAny) {
          this.#places.undeclared(state, this.#hash, start, depth)
          this.#refuse()
          isDropped = true
        }
      } else {
        this.#path[depth] = member.name
        if (this.#mayPass(member)) inner = member.state
        else isDropped = true
      }
      if (isDropped) i = afterValue(bytes, i, this.#options.depth - depth - 1)
      else if (this.#inspect !== undefined && bytes[i] === 0x22) {
        const at = i
        if (member === undefined) this.#path[depth] = '*'
        this.#path.length = depth + 1
        i = this.#string(at)
        isDropped = this.#isDropped
        if (!isDropped) {
          if (!isKept && dropped >= 0) this.cuts.cut(dropped, start)
          if (this.#text !== undefined) this.cuts.cut(at, i, this.#text)
        }
      } else {
        if (!isKept && dropped >= 0) this.cuts.cut(dropped, start)
        if (member === undefined) {
          this.#path[depth] = '*'
          inner = this.#undeclared(state)
        }
        const name = this.#name ?? member?.name
        i = this.#value(i, inner, value === undefined || name === undefined ? undefined : at(value, name), depth + 1)
      }
      if (!isDropped) isKept = true
      else if (isKept) this.cuts.cut(comma, i)
      else if (dropped < 0) dropped = start
      const end = i
      i = afterSpace(bytes, i)
      const c = bytes[i]
      if (c === 0x7d) {
        if (!isKept && dropped >= 0) this.cuts.cut(dropped, end)
        // What was judged is not what is read where a name is given twice (RFC 8259 §4).
        if (value !== undefined && count !== size(value)) throw new MalformedJson('a name given twice')
        return i + 1
      }
      if (c !== 0x2c) throw new MalformedJson('a comma')
      comma = i
      i = afterSpace(bytes, i + 1)
    }
  }

  /** @param object where the object begins whose own text tells which alternative holds; -1: its value does */
  #settled(declared: State, value: unknown, object: number, depth: number): State {
    if (declared.choices.length === 0) return declared
    const { chooser } = this.#options
    if (object < 0) return chooser.decide(declared, value)
    this.#tags ??= new Tags(this.#bytes)
    const tags = this.#tags
    return chooser.decideByTags(declared, (name) => tags.read(object, name, this.#options.depth - depth))
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
    let c = bytes[i]
    for (; c !== 0x22 && c !== 0x5c && c !== undefined && c >= 0x20; c = bytes[++i]) hash = hashed(hash, c)
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

  #array(from: number, declared: State, value: unknown, depth: number): number {
    if (depth >= this.#options.depth) throw new MalformedJson('depth')
    const state = this.#settled(declared, value, -1, depth)
    const bytes = this.#bytes
    const { prefix } = state
    const rest = state.item(prefix)
    let i = afterSpace(bytes, from + 1)
    if (bytes[i] === 0x5d) return i + 1
    let comma = -1
    let isKept = false
    let dropped = -1
    this.#path[depth] = '*'
    for (let index = 0; ; index++) {
      const start = i
      const item = index < prefix ? state.item(index) : rest
      let isDropped = false
      if (item === 'hidden' || (item === undefined && this.#strips)) {
        if (item === undefined) {
          this.#places.item(depth)
          this.#refuse()
        }
        isDropped = true
        i = afterValue(bytes, i, this.#options.depth - depth - 1)
      } else if (this.#inspect !== undefined && bytes[i] === 0x22) {
        this.#path.length = depth + 1
        i = this.#string(start)
        isDropped = this.#isDropped
        if (!isDropped) {
          if (!isKept && dropped >= 0) this.cuts.cut(dropped, start)
          if (this.#text !== undefined) this.cuts.cut(start, i, this.#text)
        }
      } else {
        if (!isKept && dropped >= 0) this.cuts.cut(dropped, start)
        i = this.#value(
          i,
          item ?? this.#undeclared(state),
          value === undefined ? undefined : at(value, index),
          depth + 1,
        )
      }
      if (!isDropped) isKept = true
      else if (isKept) this.cuts.cut(comma, i)
      else if (dropped < 0) dropped = start
      const end = i
      i = afterSpace(bytes, i)
      const c = bytes[i]
      if (c === 0x5d) {
        if (!isKept && dropped >= 0) this.cuts.cut(dropped, end)
        return i + 1
      }
      if (c !== 0x2c) throw new MalformedJson('a comma')
      comma = i
      i = afterSpace(bytes, i + 1)
    }
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
  #undeclared(state: State): State {
    return state.isAny ? state : this.#options.chooser.anything
  }
}
