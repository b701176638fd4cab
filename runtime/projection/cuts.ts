/** What is taken out of a text or put into it, in order; the rest stays byte for byte. */
export class Cuts {
  readonly #ranges: number[] = []
  readonly #texts: (Buffer | undefined)[] = []
  #removed = 0

  get count(): number {
    return this.#texts.length
  }

  /** @param text what stands there instead */
  cut(from: number, to: number, text?: Buffer): void {
    this.#ranges.push(from, to)
    this.#texts.push(text)
    this.#removed += to - from - (text?.length ?? 0)
  }

  /** The very bytes that were given where nothing was cut. */
  apply(bytes: Buffer): Buffer {
    if (this.#texts.length === 0) return bytes
    const result = Buffer.allocUnsafe(bytes.length - this.#removed)
    let read = 0
    let write = 0
    this.#texts.forEach((text, i) => {
      write += bytes.copy(result, write, read, this.#ranges[2 * i]!)
      if (text !== undefined) write += text.copy(result, write)
      read = this.#ranges[2 * i + 1]!
    })
    bytes.copy(result, write, read)
    return result
  }
}
