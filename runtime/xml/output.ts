import { Buffer } from 'node:buffer'
import { TooLarge } from './malformed.ts'

/** Characters that are kept in case they are cut again. */
const longestKept = 64

/**
 * Bytes being written. Positions (`at`) are indexes into `bytes`; what is flushed is taken from the front, and everybody
 * who keeps a position subtracts what {@link take} returns.
 */
export class Output {
  bytes: Buffer
  at = 0
  #lastCut = ''
  readonly #limit: number

  /** @param limit bytes that may be held at once */
  constructor(size: number, limit: number) {
    this.bytes = Buffer.allocUnsafe(size)
    this.#limit = limit
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return
    if (this.at > this.#limit) throw new TooLarge('what the document becomes is too large')
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + more))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }

  byte(value: number): void {
    if (this.at === this.bytes.length) this.reserve(1)
    this.bytes[this.at++] = value
  }

  write(from: Uint8Array): void {
    const length = from.length
    this.reserve(length)
    const { bytes } = this
    let at = this.at
    // Keys are short: a loop beats the call of a native copy up to some 48 bytes.
    if (length < 48) for (let i = 0; i < length; i++) bytes[at++] = from[i]!
    else {
      bytes.set(from, at)
      at += length
    }
    this.at = at
  }

  /** @param text bytes, one per character */
  latin1(text: string): void {
    this.reserve(text.length)
    this.at += this.bytes.write(text, this.at, 'latin1')
  }

  utf8(text: string): void {
    this.reserve(text.length * 3)
    this.at += this.bytes.write(text, this.at, 'utf8')
  }

  /** Removes the bytes from `start` on and returns them, one per character. */
  cut(start: number): string {
    const end = this.at
    this.at = start
    // What indents one element indents the next.
    if (this.#isCutAgain(start, end)) return this.#lastCut
    const text = this.bytes.toString('latin1', start, end)
    if (text.length <= longestKept) this.#lastCut = text
    return text
  }

  #isCutAgain(start: number, end: number): boolean {
    const last = this.#lastCut
    if (last.length !== end - start) return false
    for (let i = 0; i < last.length; i++) if (last.charCodeAt(i) !== this.bytes[start + i]) return false
    return true
  }

  /** Inserts and removes in one pass, so that any number of edits costs one move of the bytes behind the first. */
  edit(edits: readonly Edit[]): void {
    if (edits.length === 0) return
    const sorted = [...edits].sort((a, b) => a.at - b.at || a.remove - b.remove)
    const tail = Buffer.from(this.bytes.subarray(sorted[0]!.at, this.at))
    const origin = sorted[0]!.at
    this.at = origin
    let done = 0
    for (const { at, remove, insert } of sorted) {
      if (at - origin > done) this.write(tail.subarray(done, at - origin))
      this.latin1(insert)
      done = Math.max(done, at - origin + remove)
    }
    this.write(tail.subarray(done))
  }

  /** The first `count` bytes, in memory of their own. */
  copy(count: number): Buffer {
    const copied = Buffer.allocUnsafe(count)
    this.bytes.copy(copied, 0, 0, count)
    return copied
  }

  /** A copy of the first `count` bytes, which are dropped from here. */
  take(count: number): Buffer {
    const taken = this.copy(count)
    this.bytes.copyWithin(0, count, this.at)
    this.at -= count
    return taken
  }
}

/** At `at`: remove so many bytes, put in `insert` (bytes, one per character). */
export interface Edit {
  readonly at: number
  readonly remove: number
  readonly insert: string
}
