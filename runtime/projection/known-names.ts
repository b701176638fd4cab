import type { Member } from './member.ts'

interface Known {
  readonly bytes: Buffer
  readonly member: Member
}

/** A power of two. */
const places = 64
const longest = 64

/**
 * Members that are not declared by name, by the bytes of the names met last: keys of maps come again and again, and making
 * strings of them is what they cost most. Few and short ones: the upstream chooses them.
 */
export class KnownNames {
  readonly #known: (Known | undefined)[] = new Array(places).fill(undefined)

  /** @param hash of the name, which has no escapes */
  find(text: Uint8Array, from: number, to: number, hash: number): Member | undefined {
    const known = this.#known[placeOf(hash)]
    if (known === undefined) return undefined
    const { bytes, member } = known
    if (bytes.length !== to - from) return undefined
    for (let i = 0; i < bytes.length; i++) if (text[from + i] !== bytes[i]) return undefined
    return member
  }

  add(text: Buffer, from: number, to: number, hash: number, member: Member): void {
    if (to - from <= longest) this.#known[placeOf(hash)] = { bytes: Buffer.from(text.subarray(from, to)), member }
  }
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 9)) & (places - 1)
}
