import { MalformedJson } from './malformed.ts'
import { afterSpace, afterString, afterValue } from './scan.ts'

/** Reads discriminators out of the text of objects before these are walked. */
export class Tags {
  readonly #bytes: Buffer
  #budget: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    // Tags mostly stand first. Where they stand behind all else, objects within objects are read again and again: not without end.
    this.#budget = 64 * 1024 + 8 * bytes.length
  }

  /**
   * @param from where the object begins
   * @returns the first value under that name, scalars as text; undefined where there is none
   */
  read(from: number, tag: string, room: number): string | undefined {
    const bytes = this.#bytes
    let i = afterSpace(bytes, from + 1)
    let found: string | undefined
    while (bytes[i] === 0x22 && found === undefined) {
      const start = i
      const end = afterString(bytes, i)
      i = afterSpace(bytes, end)
      if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
      i = afterSpace(bytes, i + 1)
      const value = i
      i = afterValue(bytes, i, room)
      if (isName(bytes, start, end, tag)) found = scalar(bytes, value, i)
      i = afterSpace(bytes, i)
      if (bytes[i] === 0x2c) i = afterSpace(bytes, i + 1)
    }
    this.#budget -= i - from
    if (this.#budget < 0) throw new MalformedJson('discriminators too deep')
    return found
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

/** Objects and arrays are the word of nothing. */
function scalar(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, Math.min(to, from + 1024))
  if (text.startsWith('{') || text.startsWith('[') || text === 'null' || to - from > 1024) return ''
  return text.startsWith('"') ? (JSON.parse(text) as string) : text
}
