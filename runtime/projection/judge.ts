import { Ballot, MetNames } from './ballot.ts'
import type { Inner, JudgeNode, ScalarTest } from './judge-node.ts'
import { hashed } from './key-table.ts'
import { MalformedJson } from './malformed.ts'
import { sizeOfAll } from './parsed.ts'
import { afterSpace, afterString, afterValue } from './scan.ts'

/** Tells from the text of a value which of several schemas accept it, in one walk. */
export class Judge {
  /** Roots that hold for the value walked last, as bits. */
  holding = 0
  readonly #bytes: Buffer
  readonly #met = new MetNames()
  readonly #ballots: Ballot[] = []
  #opened = 0
  #budget: number

  /** @param bytes with a zero behind them */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    // Where alternatives stand within alternatives, what is inside is walked again and again: not without end.
    this.#budget = 1024 * 1024 + 64 * bytes.length
  }

  /** Counts bytes that are walked once more. */
  spend(count: number): void {
    this.#budget -= count
    if (this.#budget < 0) throw new MalformedJson('alternatives too deep')
  }

  /** What is opened last is closed first; after that it can be asked until the next is opened. */
  open(node: JudgeNode, isObject: boolean): Ballot {
    let ballot = this.#ballots[this.#opened]
    if (ballot === undefined) this.#ballots.push((ballot = new Ballot(node, this.#met)))
    this.#opened++
    ballot.open(node, isObject)
    return ballot
  }

  /** Ends what was opened for the value that ends at `end`; `holding` are its roots. */
  close(ballot: Ballot, from: number, end: number): void {
    this.#opened--
    this.#settle(ballot.node, ballot.close(), from, end)
  }

  /**
   * Walks a value; `holding` are the roots that hold for it.
   *
   * @param room how many levels of arrays and objects there may be
   * @returns where it ends
   */
  value(from: number, node: JudgeNode, room: number): number {
    const bytes = this.#bytes
    const { ofKind, rootsOf } = node
    const c = bytes[from]
    if (c === 0x22 && rootsOf !== undefined) {
      this.holding = rootsOf.string
      return afterString(bytes, from)
    }
    if (c === 0x7b && (ofKind.object & node.ofMembers) !== 0) return this.#object(from, node, room)
    if (c === 0x5b && (ofKind.array & node.ofItems) !== 0) return this.#array(from, node, room)
    const end = afterValue(bytes, from, room)
    let parts: number
    switch (c) {
      case 0x7b:
        parts = ofKind.object
        break
      case 0x5b:
        parts = ofKind.array
        break
      case 0x22:
        parts = ofKind.string
        if (node.words.length > 0) parts = this.#string(from, end, node, parts)
        break
      case 0x74:
      case 0x66:
        parts = ofKind.boolean
        if (node.words.length > 0) parts = this.#scalar(from, end, node.words, parts)
        break
      case 0x6e:
        parts = ofKind.null
        if (node.words.length > 0) parts = this.#scalar(from, end, node.words, parts)
        break
      default:
        parts = ofKind.number
        if (node.numbers.length > 0 || !isShort(bytes, from, end)) parts = this.#number(from, end, node, parts)
    }
    this.#settle(node, parts, from, end)
    return end
  }

  #settle(node: JudgeNode, held: number, from: number, end: number): void {
    let parts = held
    const { tests } = node
    for (let i = 0; i < tests.length; i++) {
      const { bits, test } = tests[i]!
      if ((parts & bits) !== 0 && !test(this.#parsed(from, end))) parts &= ~bits
    }
    this.holding = node.holding(parts)
  }

  #object(from: number, node: JudgeNode, room: number): number {
    if (room <= 0) throw new MalformedJson('depth')
    const bytes = this.#bytes
    const { table } = node
    const ballot = this.open(node, true)
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
        if (index >= 0) guess = index + 1
        const inner = ballot.member(index)
        i = afterSpace(bytes, i)
        if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
        i = afterSpace(bytes, this.inner(afterSpace(bytes, i + 1), inner, ballot, room))
        const c = bytes[i]
        i++
        if (c === 0x7d) break
        if (c !== 0x2c) throw new MalformedJson('a comma')
        i = afterSpace(bytes, i)
      }
    }
    this.close(ballot, from, i)
    return i
  }

  #array(from: number, node: JudgeNode, room: number): number {
    if (room <= 0) throw new MalformedJson('depth')
    const bytes = this.#bytes
    const ballot = this.open(node, false)
    let i = afterSpace(bytes, from + 1)
    if (bytes[i] === 0x5d) i++
    else {
      for (;;) {
        i = afterSpace(bytes, this.inner(i, ballot.item(), ballot, room))
        const c = bytes[i]
        i++
        if (c === 0x5d) break
        if (c !== 0x2c) throw new MalformedJson('a comma')
        i = afterSpace(bytes, i)
      }
    }
    this.close(ballot, from, i)
    return i
  }

  /** Walks a member's value or an item. @param room of what is around it. @returns where it ends */
  inner(from: number, inner: Inner | undefined, ballot: Ballot | undefined, room: number): number {
    if (inner === undefined || ballot === undefined) return afterValue(this.#bytes, from, room - 1)
    const end = this.value(from, inner.node, room - 1)
    ballot.count(inner, this.holding)
    return end
  }

  #string(from: number, end: number, { words, strings }: JudgeNode, held: number): number {
    const bytes = this.#bytes
    let hash = 0
    for (let i = from + 1; i < end - 1; i++) {
      const c = bytes[i]!
      if (c === 0x5c) return this.#scalar(from, end, words, held)
      hash = hashed(hash, c)
    }
    const index = strings.table.find(bytes, from + 1, end - 1, hash)
    return held & ~(index < 0 ? strings.brokenByOthers : strings.table.values[index]!.broken)
  }

  #scalar(from: number, end: number, tests: readonly ScalarTest[], held: number): number {
    let parts = held
    const value = this.#plain(from, end)
    for (const { bit, values } of tests) if (values?.has(value) === false) parts &= ~bit
    return parts
  }

  #number(from: number, end: number, { numbers, words, untyped }: JudgeNode, held: number): number {
    // Where no values are asked for, digits and no more than digits are an integer without being read.
    if (words.length === 0 && isShortInteger(this.#bytes, from, end)) return held
    const value = Number(this.#bytes.toString('latin1', from, end))
    // 1e999 is no number that could be had.
    let parts = Number.isFinite(value) ? held : held & untyped
    for (const { bit, isInteger, values } of numbers) {
      if ((isInteger && !Number.isInteger(value)) || values?.has(value) === false) parts &= ~bit
    }
    return parts
  }

  #parsed(from: number, end: number): unknown {
    const value = this.#plain(from, end)
    if (typeof value === 'object' && value !== null && sizeOfAll(value) !== membersIn(this.#bytes, from, end)) {
      throw new MalformedJson('a name given twice')
    }
    return value
  }

  #plain(from: number, end: number): unknown {
    const bytes = this.#bytes
    if (bytes[from] === 0x22 && isPlainAscii(bytes, from, end)) return bytes.toString('latin1', from + 1, end - 1)
    return JSON.parse(bytes.toString('utf8', from, end)) as unknown
  }
}

/** Whether a string has no escapes and is all ASCII. */
function isPlainAscii(bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (bytes[i] === 0x5c || bytes[i]! > 0x7f) return false
  return true
}

/** Neither long nor with an exponent: a finite number. */
function isShort(bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (bytes[i]! > 0x39) return false
  return end - from < 300
}

function isShortInteger(bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from + 1; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false
  return end - from < 300
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
