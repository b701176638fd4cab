import { Buffer } from 'node:buffer'
import {
  nameByte as nameBytes,
  spaceByte as spaceBytes,
  Text as textClasses,
  textClass as textClassOf,
} from './characters.ts'
import { attributeLimit } from './limits.ts'
import { Malformed } from './malformed.ts'
import { longestKept, type Name, type NameTable, standsAt } from './names.ts'
import type { Namespaces } from './namespaces.ts'
import type { Output } from './output.ts'
import { readReference, reference, writeCharacter } from './references.ts'

// Constants of its own, which V8 folds: see characters.ts.
const Text = textClasses
const textClass = textClassOf
const nameByte = nameBytes
const spaceByte = spaceBytes

const greaterThan = 0x3e
const slash = 0x2f
const noBytes = new Uint8Array(0)

/** The attributes of the start tag that was read last. Their values are read only when somebody asks. */
export class Attributes {
  count = 0
  /** Whether any of them declares a namespace. */
  declares = false
  /** Whether any of the others has a prefix. */
  qualified = false
  readonly #names: Name[] = []
  readonly #uris: string[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  /** What their values are read from. */
  buffer: Uint8Array = noBytes

  /** Forgets the tag before. */
  clear(): void {
    this.count = 0
    this.declares = false
    this.qualified = false
  }

  add(name: Name, from: number, to: number): void {
    const names = this.#names
    for (let i = 0; i < this.count; i++) if (names[i] === name) throw new Malformed('an attribute occurs twice', from)
    if (this.count === attributeLimit) throw new Malformed('too many attributes', from)
    names[this.count] = name
    this.#from[this.count] = from
    this.#to[this.count] = to
    this.#uris[this.count] = ''
    this.count++
    if (name.declares) this.declares = true
    else if (name.prefix !== '') this.qualified = true
  }

  name(index: number): Name {
    return this.#names[index]!
  }

  /** The namespace of a prefixed attribute; attributes without a prefix are in none. */
  uri(index: number): string {
    return this.#uris[index]!
  }

  isDeclaration(index: number): boolean {
    return this.#names[index]!.declares
  }

  /** Resolves prefixes once the declarations of the tag are known, and compares expanded names (Namespaces §6.3). */
  resolve(namespaces: Namespaces): void {
    if (!this.qualified) return
    for (let i = 0; i < this.count; i++) {
      const name = this.#names[i]!
      if (name.prefix === '' || this.isDeclaration(i)) continue
      const uri = namespaces.resolve(name)
      this.#uris[i] = uri
      for (let other = 0; other < i; other++) {
        if (this.#names[other]!.local === name.local && this.#uris[other] === uri) {
          throw new Malformed('an attribute occurs twice', this.#from[i])
        }
      }
    }
  }

  /** Copies the value where it is the same as text and in JSON: no references, line breaks, quotes. */
  copyPlain(index: number, out: Output): boolean {
    const buffer = this.buffer
    const from = this.#from[index]!
    const to = this.#to[index]!
    out.reserve(to - from)
    const { bytes } = out
    let length = out.at
    for (let at = from; at < to; at++) {
      const byte = buffer[at]!
      const kind = textClass[byte]!
      if (kind > Text.space && kind !== Text.bracket && kind !== Text.noncharacter) return false
      bytes[length++] = byte
    }
    out.at = length
    return true
  }

  /** The namespace that attribute declares: mostly the one it declared the last time, which is then no new string. */
  declared(index: number): string {
    const name = this.#names[index]!
    const from = this.#from[index]!
    const to = this.#to[index]!
    const known = name.declared
    if (known !== undefined && known.bytes.length === to - from && standsAt(known.bytes, this.buffer, from)) {
      return known.uri
    }
    const uri = this.value(index)
    if (to - from <= longestKept) name.declared = { bytes: Buffer.from(this.buffer.subarray(from, to)), uri }
    return uri
  }

  /** The value with references replaced and white space made spaces (XML 1.0 §3.3.3). */
  value(index: number): string {
    const buffer = this.buffer
    const to = this.#to[index]!
    const value = Buffer.allocUnsafe(to - this.#from[index]! + 4)
    let length = 0
    for (let at = this.#from[index]!; at < to; ) {
      const byte = buffer[at]!
      const kind = textClass[byte]
      if (kind === Text.ampersand) {
        readReference(buffer, at, to)
        at = reference.next
        length = writeCharacter(value, length, reference.code)
      } else if (kind === Text.carriageReturn) {
        value[length++] = 0x20
        at += buffer[at + 1] === 0x0a && at + 1 < to ? 2 : 1
      } else {
        value[length++] = kind === Text.control ? 0x20 : byte
        at++
      }
    }
    return value.toString('utf8', 0, length)
  }
}

/** Reads attributes up to `>` or `/`, whose index it returns; -1 where that is not there yet. */
export function readAttributes(buffer: Uint8Array, from: number, names: NameTable, attributes: Attributes): number {
  const end = buffer.length
  let at = from
  for (;;) {
    const before = at
    while (at < end && spaceByte[buffer[at]!] === 1) at++
    if (at === end) return -1
    if (buffer[at] === greaterThan || buffer[at] === slash) return at
    if (at === before) throw new Malformed('no white space before an attribute', at)
    const start = at
    let hash = 0
    while (at < end && nameByte[buffer[at]!] === 1) hash = (Math.imul(hash, 31) + buffer[at++]!) | 0
    if (at === end) return -1
    const name = names.get(buffer, start, at, hash)
    while (at < end && spaceByte[buffer[at]!] === 1) at++
    if (at === end) return -1
    if (buffer[at] !== 0x3d) throw new Malformed('an attribute without a value', at)
    at++
    while (at < end && spaceByte[buffer[at]!] === 1) at++
    if (at === end) return -1
    const quote = buffer[at]!
    if (quote !== 0x22 && quote !== 0x27) throw new Malformed('an attribute value without quotes', at)
    const close = scanValue(buffer, at + 1, end, quote)
    if (close < 0) return -1
    attributes.add(name, at + 1, close)
    at = close + 1
    if (at === end) return -1
  }
}

/**
 * Checks an attribute value from behind its opening quote.
 * @returns the index of the closing quote, or -1 where it is not there yet
 */
function scanValue(buffer: Uint8Array, from: number, end: number, quote: number): number {
  for (let at = from; at < end; ) {
    const byte = buffer[at]!
    if (byte === quote) return at
    switch (textClass[byte]) {
      case Text.lessThan:
        throw new Malformed('< in an attribute value', at)
      case Text.forbidden:
        throw new Malformed('a control character', at)
      case Text.ampersand:
        if (!readReference(buffer, at, end)) return -1
        at = reference.next
        break
      case Text.noncharacter:
        if (at + 2 < end && buffer[at + 1] === 0xbf && buffer[at + 2]! >= 0xbe)
          throw new Malformed('a noncharacter', at)
        at++
        break
      default:
        at++
    }
  }
  return -1
}
