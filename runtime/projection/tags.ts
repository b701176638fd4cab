import { MalformedJson } from './malformed.ts'
import { afterSpace, afterString, afterValue } from './scan.ts'

/** Finds discriminators in the text of objects before these are walked. */
export class Tags {
  /** Where the value begins that was found last, and the index behind it. */
  from = 0
  to = 0
  readonly #bytes: Buffer
  #budget: number

  /** @param bytes with a zero behind them */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    // Tags mostly stand first. Where they stand behind all else, objects within objects are read again and again: not without end.
    this.#budget = 64 * 1024 + 8 * bytes.length
  }

  /**
   * Looks for the first value under a name.
   *
   * @param object where the object begins
   */
  find(object: number, tag: string, room: number): boolean {
    const bytes = this.#bytes
    let i = afterSpace(bytes, object + 1)
    let isFound = false
    while (bytes[i] === 0x22 && !isFound) {
      const start = i
      const end = afterString(bytes, i)
      i = afterSpace(bytes, end)
      if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
      i = afterSpace(bytes, i + 1)
      this.from = i
      this.to = i = afterValue(bytes, i, room)
      isFound = isName(bytes, start, end, tag)
      i = afterSpace(bytes, i)
      if (bytes[i] === 0x2c) i = afterSpace(bytes, i + 1)
    }
    this.#budget -= i - object
    if (this.#budget < 0) throw new MalformedJson('discriminators too deep')
    return isFound
  }

  /** The word found, a scalar as text; '' where it is none: objects and arrays are the word of nothing. */
  word(): string {
    const { from, to } = this
    if (to - from > 1024) return ''
    const text = this.#bytes.toString('utf8', from, to)
    if (text.startsWith('{') || text.startsWith('[') || text === 'null') return ''
    return text.startsWith('"') ? (JSON.parse(text) as string) : text
  }
}

/** Names are compared decoded; bytes first, since escapes are rare. */
function isName(bytes: Buffer, quote: number, end: number, name: string): boolean {
  let i = 0
  for (; i < name.length; i++) {
    const c = bytes[quote + 1 + i]!
    if (c === 0x5c || c > 0x7f) break
    if (c !== name.charCodeAt(i)) return false
  }
  if (i === name.length) return bytes[quote + 1 + i] === 0x22
  return (JSON.parse(bytes.toString('utf8', quote, end)) as string) === name
}
