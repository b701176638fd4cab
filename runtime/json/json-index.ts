import { JsonFault } from './json-fault.ts'

/**
 * Where the values of a JSON text stand (RFC 8259), found in one pass without making any: members can then be written in
 * another order than they came in, and digits are still those of the text.
 *
 * Values are numbered in the order of the text. An object's first member is the number after its own: name, value, name,
 * value, …; an array's first item likewise. `after` is the number of what follows a value with all it holds.
 */
export class JsonIndex {
  readonly text: string
  readonly starts: number[] = []
  readonly ends: number[] = []
  readonly after: number[] = []
  readonly #depth: number
  #at = 0

  /** @throws JsonFault for what is no JSON, or nests deeper than `depth` */
  constructor(text: string, depth: number) {
    this.text = text
    this.#depth = depth
    this.#space()
    this.#value(0)
    this.#space()
    if (this.#at < text.length) throw malformed()
  }

  /** The first character of a value tells its kind. */
  kind(index: number): number {
    return this.text.charCodeAt(this.starts[index]!)
  }

  /** A string's text; @param index of a string or a member's name */
  string(index: number): string {
    const inner = this.text.slice(this.starts[index]! + 1, this.ends[index]! - 1)
    return inner.includes('\\') ? (JSON.parse(`"${inner}"`) as string) : inner
  }

  slice(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index])
  }

  #value(level: number): void {
    const { text } = this
    const index = this.starts.length
    const c = text.charCodeAt(this.#at)
    this.starts.push(this.#at)
    this.ends.push(0)
    this.after.push(0)
    if (c === 0x22) this.#string()
    else if (c === 0x7b || c === 0x5b) {
      if (level >= this.#depth) throw new JsonFault('', `must not nest deeper than ${this.#depth} levels`, 'jsonDepth')
      this.#at++
      this.#space()
      if (c === 0x7b) this.#members(level + 1)
      else this.#items(level + 1)
    } else this.#scalar(c)
    this.ends[index] = this.#at
    this.after[index] = this.starts.length
  }

  #members(level: number): void {
    const { text } = this
    if (text.charCodeAt(this.#at) === 0x7d) {
      this.#at++
      return
    }
    for (;;) {
      if (text.charCodeAt(this.#at) !== 0x22) throw malformed()
      this.starts.push(this.#at)
      this.#string()
      this.ends.push(this.#at)
      this.after.push(this.starts.length)
      this.#space()
      if (text.charCodeAt(this.#at++) !== 0x3a) throw malformed()
      this.#space()
      this.#value(level)
      if (this.#isEnd(0x7d)) return
    }
  }

  #items(level: number): void {
    if (this.text.charCodeAt(this.#at) === 0x5d) {
      this.#at++
      return
    }
    for (;;) {
      this.#value(level)
      if (this.#isEnd(0x5d)) return
    }
  }

  #isEnd(bracket: number): boolean {
    this.#space()
    const c = this.text.charCodeAt(this.#at++)
    if (c === bracket) return true
    if (c !== 0x2c) throw malformed()
    this.#space()
    return false
  }

  #space(): void {
    const { text } = this
    let c = text.charCodeAt(this.#at)
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = text.charCodeAt(++this.#at)
  }

  #string(): void {
    const { text } = this
    let at = this.#at + 1
    for (;;) {
      const c = text.charCodeAt(at)
      if (c === 0x22) break
      if (c === 0x5c) {
        escaped.lastIndex = at
        if (!escaped.test(text)) throw malformed()
        at = escaped.lastIndex
      } else if (c >= 0x20) at++
      // Control characters; and what is not a number, past the end.
      else throw malformed()
    }
    this.#at = at + 1
  }

  #scalar(first: number): void {
    const pattern = first === 0x2d || (first >= 0x30 && first <= 0x39) ? number : word
    pattern.lastIndex = this.#at
    if (!pattern.test(this.text)) throw malformed()
    this.#at = pattern.lastIndex
  }
}

const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const word = /true|false|null/y

function malformed(): JsonFault {
  return new JsonFault('', 'is not well-formed JSON', 'json')
}
