import { Text as textClasses, textClass as textClassOf } from './characters.ts'
import { Malformed } from './malformed.ts'
import type { Output } from './output.ts'
import { readReference, reference, writeCharacter } from './references.ts'

// Constants of its own, which V8 folds: see characters.ts.
const Text = textClasses
const textClass = textClassOf

/** What becomes of character data. */
export const Mode = {
  /** Only checked. */
  skip: 0,
  /** Written as the inside of a JSON string. */
  json: 1,
  /** Written as it is, to be read as a number, a boolean or a token when it is whole. */
  raw: 2,
} as const
export type Mode = (typeof Mode)[keyof typeof Mode]
const { skip, json } = Mode

const backslash = 0x5c
const lineFeed = 0x0a
const space = 0x20
const lessThan = 0x3c
const bracket = 0x5d
const greaterThan = 0x3e

/** Reads character data and writes it, in one pass: each byte is looked at once. */
export class TextReader {
  mode: Mode = skip
  /** Whether anything but white space was read since this was last set to false. */
  sawText = false
  /** Whether anything but plain bytes was read since this was last set to false; white space counts in raw text. */
  sawSpecial = false
  cdataEnded = false
  readonly #out: Output

  constructor(out: Output) {
    this.#out = out
  }

  /**
   * Reads on until a `<` or the end of what is there.
   * @param final whether nothing follows `end`
   * @returns where it stopped: at `<`, at `end`, or at something that may go on behind `end`
   */
  read(buffer: Uint8Array, from: number, end: number, final: boolean): number {
    if (this.mode === skip) return this.#skip(buffer, from, end, final)
    const at = this.#copyPlain(buffer, from, end)
    return at < end && buffer[at] === lessThan ? at : this.#copy(buffer, at, end, final, false)
  }

  /** The usual text is the same in JSON from its first byte to the tag that follows: as much of it as is. */
  #copyPlain(buffer: Uint8Array, from: number, end: number): number {
    const out = this.#out
    const { bytes } = out
    if (textClass[buffer[from]!] !== Text.plain) return from
    this.sawText = true
    const last = this.mode === json ? Text.space : Text.plain
    const room = bytes.length - out.at
    const stop = end - from < room ? end : from + room
    let to = out.at
    let at = from
    while (at < stop) {
      const byte = buffer[at]!
      if (textClass[byte]! > last) break
      bytes[to++] = byte
      at++
    }
    out.at = to
    return at
  }

  /** The same for the inside of a CDATA section; stops behind its `]]>` and then sets {@link cdataEnded}. */
  readCdata(buffer: Uint8Array, from: number, end: number): number {
    this.cdataEnded = false
    return this.#copy(buffer, from, end, false, true)
  }
  /** White space and other text that nobody wants: most of what stands between elements. */
  #skip(buffer: Uint8Array, from: number, end: number, final: boolean): number {
    let at = from
    let sawText = this.sawText
    loop: while (at < end) {
      const byte = buffer[at]!
      // Line breaks and what indents: most of what is skipped.
      if (byte === space || byte === lineFeed) {
        at++
        while (at < end && buffer[at] === space) at++
        continue
      }
      if (byte === lessThan) break
      switch (textClass[byte]) {
        case Text.control:
          at++
          break
        case Text.plain:
        case Text.quoted:
          sawText = true
          at++
          break
        case Text.carriageReturn:
          at++
          break
        case Text.ampersand:
          if (!readReference(buffer, at, end)) break loop
          if (reference.code > 0x20) sawText = true
          at = reference.next
          break
        default: {
          sawText = true
          const next = checkRare(buffer, at, end, final)
          if (next === at) break loop
          at = next
        }
      }
    }
    this.sawText = sawText
    return at
  }

  #copy(buffer: Uint8Array, from: number, end: number, final: boolean, cdata: boolean): number {
    const out = this.#out
    const escapes = this.mode === json
    const mark = out.at
    let at = from
    let sawText = this.sawText
    const last = escapes ? Text.space : Text.plain
    loop: while (at < end) {
      // Nothing grows to more than twice its bytes, so half the room that is there can be filled without looking again.
      if (out.bytes.length - out.at < 512) out.reserve(4096)
      const bytes: Uint8Array = out.bytes
      const room = (bytes.length - out.at - 8) >> 1
      const stop = end - at < room ? end : at + room
      let to = out.at
      copy: while (at < stop) {
        let byte = buffer[at]!
        let kind = textClass[byte]!
        if (kind === Text.plain) {
          sawText = true
          // The loop that most of the time is spent in.
          do {
            bytes[to++] = byte
            if (++at === stop) break copy
            byte = buffer[at]!
            kind = textClass[byte]!
          } while (kind <= last)
        }
        if (kind === Text.lessThan && !cdata) {
          out.at = to
          break loop
        }
        this.sawSpecial = true
        switch (kind) {
          case Text.space:
            bytes[to++] = byte
            at++
            break
          case Text.control:
            if (escapes) {
              bytes[to++] = backslash
              bytes[to++] = byte === lineFeed ? 0x6e : 0x74
            } else bytes[to++] = byte
            at++
            break
          case Text.carriageReturn:
            // Line ends are line feeds, whatever the document has (§2.11); its line feed is then read by itself.
            if (at + 1 === end && !final) {
              out.at = to
              break loop
            }
            at++
            if (buffer[at] === lineFeed && at < end) break
            if (escapes) {
              bytes[to++] = backslash
              bytes[to++] = 0x6e
            } else bytes[to++] = lineFeed
            break
          case Text.quoted:
            sawText = true
            if (escapes) bytes[to++] = backslash
            bytes[to++] = byte
            at++
            break
          case Text.lessThan:
            sawText = true
            bytes[to++] = byte
            at++
            break
          case Text.ampersand:
            if (cdata) {
              sawText = true
              bytes[to++] = byte
              at++
              break
            }
            if (!readReference(buffer, at, end)) {
              out.at = to
              break loop
            }
            if (reference.code > 0x20) sawText = true
            at = reference.next
            to = escapes ? writeJson(bytes, to, reference.code) : writeCharacter(bytes, to, reference.code)
            break
          default: {
            if (cdata && byte === bracket) {
              if (at + 2 >= end && (at + 1 === end || buffer[at + 1] === bracket)) {
                out.at = to
                break loop
              }
              if (buffer[at + 1] === bracket && buffer[at + 2] === greaterThan) {
                at += 3
                this.cdataEnded = true
                out.at = to
                break loop
              }
              sawText = true
              bytes[to++] = byte
              at++
              break
            }
            const next = checkRare(buffer, at, end, final)
            if (next === at) {
              out.at = to
              break loop
            }
            sawText = true
            while (at < next) bytes[to++] = buffer[at++]!
          }
        }
      }
      out.at = to
    }
    this.sawText = sawText
    if (this.mode === skip) out.at = mark
    return at
  }
}

/** `]`, 0xEF and bytes that are no characters: the index behind what is well-formed, or `at` where more must come. */
function checkRare(buffer: Uint8Array, at: number, end: number, final: boolean): number {
  const byte = buffer[at]!
  const whole = final || at + 2 < end
  if (byte === bracket) {
    if (!whole && (at + 1 === end || buffer[at + 1] === bracket)) return at
    if (at + 2 < end && buffer[at + 1] === bracket && buffer[at + 2] === greaterThan) {
      throw new Malformed(']]> in text', at)
    }
    return at + 1
  }
  if (byte === 0xef) {
    if (!whole) return at
    if (buffer[at + 1] === 0xbf && buffer[at + 2]! >= 0xbe) throw new Malformed('a noncharacter', at)
    return at + 1
  }
  throw new Malformed('a control character', at)
}

/** A referenced character inside a JSON string; there must be room for 4 bytes. */
function writeJson(bytes: Uint8Array, at: number, code: number): number {
  const escaped =
    code === 0x22 || code === 0x5c ? code : code === 0xa ? 0x6e : code === 0xd ? 0x72 : code === 9 ? 0x74 : 0
  if (escaped === 0) return writeCharacter(bytes, at, code)
  bytes[at] = backslash
  bytes[at + 1] = escaped
  return at + 2
}
