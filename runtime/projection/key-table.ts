/** A name with its bytes. */
export interface Named {
  readonly name: string
}

interface Entry<T> {
  readonly bytes: Buffer
  readonly value: T
  readonly index: number
  readonly next: Entry<T> | undefined
}

/**
 * Finds declared names in JSON text without making strings of it. Names mostly come in the order in which they are declared,
 * so that the next one is tried first; that saves the hash and the table.
 */
export class KeyTable<T extends Named> {
  readonly values: readonly T[]
  readonly #bytes: readonly Buffer[]
  readonly #buckets: (Entry<T> | undefined)[]
  readonly #mask: number

  constructor(values: readonly T[]) {
    this.values = values
    this.#bytes = values.map(({ name }) => Buffer.from(name))
    let size = 4
    while (size < values.length * 2) size *= 2
    this.#mask = size - 1
    this.#buckets = new Array(size).fill(undefined)
    values.forEach((value, index) => {
      const bytes = this.#bytes[index]!
      let hash = 0
      for (const byte of bytes) hash = hashed(hash, byte)
      const at = (hash ^ (hash >>> 9)) & this.#mask
      this.#buckets[at] = { bytes, value, index, next: this.#buckets[at] }
    })
  }

  /** Whether the name at `from`, up to its quote, is that of this index. */
  isAt(index: number, text: Uint8Array, from: number): boolean {
    const bytes = this.#bytes[index]
    if (bytes === undefined) return false
    const { length } = bytes
    for (let i = 0; i < length; i++) if (text[from + i] !== bytes[i]) return false
    return text[from + length] === 0x22
  }

  lengthOf(index: number): number {
    return this.#bytes[index]!.length
  }

  /** The index of a name that has no escapes; -1 where it is not declared. */
  find(text: Uint8Array, from: number, to: number, hash: number): number {
    let entry = this.#buckets[(hash ^ (hash >>> 9)) & this.#mask]
    const length = to - from
    for (; entry !== undefined; entry = entry.next) {
      const { bytes } = entry
      if (bytes.length !== length) continue
      let i = 0
      while (i < length && text[from + i] === bytes[i]) i++
      if (i === length) return entry.index
    }
    return -1
  }
}

/** The hash of a name so far, and one byte more. */
export function hashed(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0
}
