import { Buffer } from 'node:buffer'
import { qualifiedName } from './characters.ts'
import { Malformed } from './malformed.ts'

/** A name of an element or attribute, once per spelling: names are compared by identity. */
export interface Name {
  /** Small and dense, to index caches by; a cache checks the name itself, since numbers are given anew. */
  readonly id: number
  readonly qualified: string
  readonly prefix: string
  readonly local: string
  readonly bytes: Uint8Array
  readonly hash: number
  /** As an attribute it declares a namespace. */
  readonly declares: boolean
  /** The element that began next after this one the last time: documents repeat themselves. */
  following: Name | undefined
  /** The namespace that the prefix meant the last time, and the version of the {@link import('./namespaces.ts').Namespaces} then. */
  uri: string
  version: number
  /** `"local":` and `"@local":` in UTF-8, once something has been written under it. */
  key: Uint8Array | undefined
  attributeKey: Uint8Array | undefined
  /** An attribute that declares a namespace: the one it declared the last time. */
  declared: Spelt | undefined
}

/** A namespace and the bytes that it was written with. */
interface Spelt {
  readonly bytes: Uint8Array
  readonly uri: string
}

/** Bytes of a namespace that is kept with a name. */
export const longestKept = 256

const capacity = 4096
const longest = 512

/** Whether `bytes` are what stands in `buffer` from `from` on; there must be as many of them. */
export function standsAt(bytes: Uint8Array, buffer: Uint8Array, from: number): boolean {
  const { length } = bytes
  let i = 0
  while (i < length && bytes[i] === buffer[from + i]) i++
  return i === length
}

/** What begins the member of an object that is called as the element is. No name has anything to escape. */
export function keyOf(name: Name): Uint8Array {
  return (name.key ??= Buffer.from(`"${name.local}":`))
}

export function attributeKeyOf(name: Name): Uint8Array {
  return (name.attributeKey ??= Buffer.from(`"@${name.local}":`))
}

/** The names that documents of one kind use. It outlives the documents, so that known names cost no allocation. */
export class NameTable {
  #slots: (Name | undefined)[] = new Array(capacity * 2)
  #count = 0

  /**
   * The name that stands in `buffer` from `from` to `to`.
   * @param hash `hash * 31 + byte` over its bytes, as 32-bit integers
   * @throws Malformed for what is no qualified name
   */
  get(buffer: Uint8Array, from: number, to: number, hash: number): Name {
    const slots = this.#slots
    const mask = capacity * 2 - 1
    const length = to - from
    for (let at = (hash ^ (hash >>> 15)) & mask; ; at = (at + 1) & mask) {
      const name = slots[at]
      if (name === undefined) return this.#add(buffer, from, to, hash, at)
      if (name.hash === hash && name.bytes.length === length && standsAt(name.bytes, buffer, from)) return name
    }
  }

  #add(buffer: Uint8Array, from: number, to: number, hash: number, at: number): Name {
    if (to - from > longest) throw new Malformed('a name is too long', from)
    const bytes = Buffer.from(buffer.subarray(from, to))
    const qualified = bytes.toString('utf8')
    if (!qualifiedName.test(qualified)) throw new Malformed('not a name', from)
    const colon = qualified.indexOf(':')
    const prefix = colon < 0 ? '' : qualified.slice(0, colon)
    const local = colon < 0 ? qualified : qualified.slice(colon + 1)
    // A document that makes up names would fill the memory; forgetting all of them keeps the table bounded, and names
    // that are still in use stay valid objects.
    const full = this.#count === capacity
    if (full) {
      this.#slots = new Array(capacity * 2)
      this.#count = 0
    }
    const name: Name = {
      id: this.#count++,
      qualified,
      prefix,
      local,
      bytes,
      hash,
      declares: prefix === 'xmlns' || qualified === 'xmlns',
      following: undefined,
      uri: '',
      version: -1,
      key: undefined,
      attributeKey: undefined,
      declared: undefined,
    }
    const slot = full ? (hash ^ (hash >>> 15)) & (capacity * 2 - 1) : at
    this.#slots[slot] = name
    return name
  }
}
