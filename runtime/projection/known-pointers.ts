interface Known {
  readonly bytes: Buffer
  readonly path: readonly string[]
  readonly pointer: string
}

/** A power of two. */
const places = 256
const longest = 64

/**
 * The pointers spelt out last, kept from answer to answer: spelling them is what small answers would mostly pay for. Few and
 * of short names: the upstream chooses them.
 */
export class KnownPointers {
  readonly #known: (Known | undefined)[] = new Array(places).fill(undefined)

  /**
   * @param from where the name begins, behind its quote
   * @param path of what it is a name in; `depth` of it counts
   */
  find(text: Buffer, from: number, to: number, hash: number, path: readonly string[], depth: number) {
    const known = this.#known[placeOf(hash, depth)]
    if (known === undefined || known.path.length !== depth || known.bytes.length !== to - from) return undefined
    for (let i = 0; i < depth; i++) if (known.path[i] !== path[i]) return undefined
    for (let i = from; i < to; i++) if (known.bytes[i - from] !== text[i]) return undefined
    return known.pointer
  }

  add(text: Buffer, from: number, to: number, hash: number, path: readonly string[], depth: number, pointer: string) {
    if (to - from > longest || pointer.length > 4 * longest) return
    const bytes = Buffer.from(text.subarray(from, to))
    this.#known[placeOf(hash, depth)] = { bytes, path: path.slice(0, depth), pointer }
  }
}

function placeOf(hash: number, depth: number): number {
  return (hash ^ (hash >>> 9) ^ (depth << 4)) & (places - 1)
}
