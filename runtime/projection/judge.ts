import type { Inner, JudgeNode, ScalarTest } from './judge-node.ts'
import { hashed } from './key-table.ts'
import { MalformedJson } from './malformed.ts'
import { sizeOfAll } from './parsed.ts'
import { afterSpace, afterString, afterValue } from './scan.ts'

/** Tells from the text of a value which of several schemas accept it, in one walk. */
export class Judge {
  readonly #bytes: Buffer
  readonly #depth: number
  #budget: number
  /** Roots that hold for the value walked last. */
  #holding = 0
  /** Which names of a table have been met, for the objects around the one at hand: a stack. */
  readonly #met: boolean[] = []
  #top = 0

  /** @param bytes with a zero behind them */
  constructor(bytes: Buffer, depth: number) {
    this.#bytes = bytes
    this.#depth = depth
    // Where alternatives stand within alternatives, what is inside is judged again and again: not without end.
    this.#budget = 1024 * 1024 + 64 * bytes.length
  }

  /**
   * @param from where an object or an array begins
   * @returns the roots that hold, as bits
   */
  holding(from: number, node: JudgeNode, depth: number): number {
    this.#top = 0
    this.#budget -= this.#value(from, node, this.#depth - depth) - from
    if (this.#budget < 0) throw new MalformedJson('alternatives too deep')
    return this.#holding
  }

  #value(from: number, node: JudgeNode, room: number): number {
    const bytes = this.#bytes
    const { ofKind } = node
    let parts: number
    let end: number
    switch (bytes[from]) {
      case 0x7b:
        parts = ofKind.object
        if ((parts & node.ofMembers) !== 0) {
          end = this.#object(from, node, parts, room)
          parts = this.#holding
        } else end = afterValue(bytes, from, room)
        break
      case 0x5b:
        parts = ofKind.array
        if ((parts & node.ofItems) !== 0 && node.items !== undefined) {
          end = this.#array(from, node.items, parts, room)
          parts = this.#holding
        } else end = afterValue(bytes, from, room)
        break
      case 0x22:
        parts = ofKind.string
        end = afterString(bytes, from)
        if (node.strings.length > 0) parts = this.#scalar(from, end, node.strings, parts)
        break
      case 0x74:
      case 0x66:
        parts = ofKind.boolean
        end = afterValue(bytes, from, room)
        if (node.words.length > 0) parts = this.#scalar(from, end, node.words, parts)
        break
      case 0x6e:
        parts = ofKind.null
        end = afterValue(bytes, from, room)
        if (node.words.length > 0) parts = this.#scalar(from, end, node.words, parts)
        break
      default:
        parts = ofKind.number
        end = afterValue(bytes, from, room)
        if (node.numbers.length > 0 || mayBeInfinite(bytes, from, end)) parts = this.#number(from, end, node, parts)
    }
    for (const { bit, test } of node.tests) {
      if ((parts & bit) !== 0 && !test(this.#parsed(from, end))) parts &= ~bit
    }
    this.#holding = node.holding(parts)
    return end
  }

  #object(from: number, node: JudgeNode, held: number, room: number): number {
    if (room <= 0) throw new MalformedJson('depth')
    const bytes = this.#bytes
    const { table } = node
    const { values } = table
    const met = this.#met
    const base = this.#top
    this.#top += values.length
    for (let index = base; index < this.#top; index++) met[index] = false
    let parts = held
    let guess = 0
    let i = afterSpace(bytes, from + 1)
    if (bytes[i] === 0x7d) i++
    else {
      for (;;) {
        if (bytes[i] !== 0x22) throw new MalformedJson('a name')
        let index = guess
        if (table.isAt(guess, bytes, i + 1)) i += table.lengthOf(guess) + 2
        else {
          const quote = i
          let hash = 0
          let c = bytes[++i]!
          for (; c !== 0x22 && c !== 0x5c && c >= 0x20; c = bytes[++i]!) hash = hashed(hash, c)
          if (c === 0x22) index = table.find(bytes, quote + 1, i++, hash)
          else {
            i = afterString(bytes, quote)
            index = node.index(JSON.parse(bytes.toString('utf8', quote, i)) as string) ?? -1
          }
        }
        let inner: Inner | undefined
        if (index < 0) {
          parts &= ~node.refusing
          inner = node.others
        } else {
          guess = index + 1
          // What was judged is not what is read where a name is given twice (RFC 8259 §4).
          if (met[base + index]) throw new MalformedJson('a name given twice')
          met[base + index] = true
          const name = values[index]!
          parts &= ~name.refusedBy
          inner = name.inner
        }
        i = afterSpace(bytes, i)
        if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
        i = afterSpace(bytes, i + 1)
        if (inner === undefined || (parts & inner.parts) === 0) i = afterValue(bytes, i, room - 1)
        else {
          i = this.#value(i, inner.node, room - 1)
          parts &= ~this.#failing(inner)
        }
        i = afterSpace(bytes, i)
        const c = bytes[i]
        i++
        if (c === 0x7d) break
        if (c !== 0x2c) throw new MalformedJson('a comma')
        i = afterSpace(bytes, i)
      }
    }
    for (let index = 0; index < values.length; index++) if (!met[base + index]) parts &= ~values[index]!.requiredBy
    this.#top = base
    this.#holding = parts
    return i
  }

  #array(from: number, items: Inner, held: number, room: number): number {
    if (room <= 0) throw new MalformedJson('depth')
    const bytes = this.#bytes
    let parts = held
    let i = afterSpace(bytes, from + 1)
    if (bytes[i] === 0x5d) i++
    else {
      for (;;) {
        if ((parts & items.parts) === 0) i = afterValue(bytes, i, room - 1)
        else {
          i = this.#value(i, items.node, room - 1)
          parts &= ~this.#failing(items)
        }
        i = afterSpace(bytes, i)
        const c = bytes[i]
        i++
        if (c === 0x5d) break
        if (c !== 0x2c) throw new MalformedJson('a comma')
        i = afterSpace(bytes, i)
      }
    }
    this.#holding = parts
    return i
  }

  /** The parts that the value walked last has broken. */
  #failing({ node, failing }: Inner): number {
    const broken = node.roots & ~this.#holding
    let parts = 0
    if (broken !== 0) for (let k = 0; k < failing.length; k++) if ((broken & (1 << k)) !== 0) parts |= failing[k]!
    return parts
  }

  #scalar(from: number, end: number, tests: readonly ScalarTest[], held: number): number {
    let parts = held
    const text = this.#bytes.toString('utf8', from, end)
    const value: unknown = text.startsWith('"') && !text.includes('\\') ? text.slice(1, -1) : JSON.parse(text)
    for (const { bit, values } of tests) if (values?.has(value) === false) parts &= ~bit
    return parts
  }

  #number(from: number, end: number, { numbers, untyped }: JudgeNode, held: number): number {
    const value = Number(this.#bytes.toString('latin1', from, end))
    // 1e999 is no number that could be had.
    let parts = Number.isFinite(value) ? held : held & untyped
    for (const { bit, isInteger, values } of numbers) {
      if ((isInteger && !Number.isInteger(value)) || values?.has(value) === false) parts &= ~bit
    }
    return parts
  }

  #parsed(from: number, end: number): unknown {
    const text = this.#bytes.toString('utf8', from, end)
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && sizeOfAll(value) !== membersIn(this.#bytes, from, end)) {
      throw new MalformedJson('a name given twice')
    }
    return value
  }
}

/** Long, or with an exponent. */
function mayBeInfinite(bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from > 300) return true
  for (let i = from; i < end; i++) if (bytes[i]! > 0x39) return true
  return false
}

/** Members of all objects in a well-formed text. */
function membersIn(bytes: Uint8Array, from: number, end: number): number {
  let count = 0
  for (let i = from; i < end; ) {
    if (bytes[i] === 0x22) i = afterString(bytes, i)
    else if (bytes[i++] === 0x3a) count++
  }
  return count
}
