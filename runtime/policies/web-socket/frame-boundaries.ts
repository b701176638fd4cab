/**
 * Follows the frames of one direction (RFC 6455 §5.2) without keeping them: a frame of our own may be put in only where one
 * ends and the next has not begun.
 */
export class FrameBoundaries {
  /** Bytes of the payload that are still to come. */
  #payload = 0
  /** Bytes of the frame's head so far. */
  #head = 0
  /** How long the head is, as far as is known. */
  #headLength = 2
  /** Bytes of the head that say how long the payload is, beside the seven bits every head has. */
  #extended = 0
  #length = 0

  /** Whether everything so far is whole frames. */
  get isBetween(): boolean {
    return this.#payload === 0 && this.#head === 0
  }

  /**
   * Takes bytes until the first boundary at or after `from`.
   * @returns the index behind that boundary's last byte; `chunk.length` where the bytes end before, or at it
   */
  take(chunk: Uint8Array, from = 0): number {
    let at = from
    while (at < chunk.length) {
      if (this.#payload > 0) {
        const step = Math.min(this.#payload, chunk.length - at)
        this.#payload -= step
        at += step
      } else {
        this.#takeHead(chunk[at]!)
        at++
      }
      if (this.isBetween) return at
    }
    return at
  }

  #takeHead(byte: number): void {
    const at = this.#head++
    if (at === 0) {
      this.#length = 0
      this.#extended = 0
      this.#headLength = 2
    } else if (at === 1) {
      const length = byte & 0x7f
      this.#extended = length === 126 ? 2 : length === 127 ? 8 : 0
      this.#length = this.#extended === 0 ? length : 0
      this.#headLength = 2 + this.#extended + ((byte & 0x80) === 0 ? 0 : 4)
    } else if (at < 2 + this.#extended) {
      this.#length = this.#length * 256 + byte
    }
    if (this.#head > 1 && this.#head === this.#headLength) {
      this.#payload = this.#length
      this.#head = 0
    }
  }
}
