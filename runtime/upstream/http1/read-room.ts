/** One for all sockets: what a read has put there is looked at before the next read of any of them. Holds a head and a whole body. */
const shared = Buffer.allocUnsafeSlow(128 * 1024)

/** Rooms of a connection's own, while bodies are streamed. */
const ownSize = 64 * 1024
/** With less than this left, a new one is taken. */
const leastLeft = 8 * 1024

/**
 * Where a socket's bytes are put. Most answers come in one read, into a room that all sockets share; the rest of a longer one is
 * read to where it can stay, so that no byte is copied twice.
 */
export class ReadRoom {
  /** For the next read. */
  next: Buffer = shared

  /** The next bytes are looked at at once. */
  share(): void {
    this.next = shared
  }

  /** The next bytes are put here. */
  fill(place: Buffer): void {
    this.next = place
  }

  /** Whether what stands in these bytes is soon overwritten. */
  isShared(bytes: Buffer): boolean {
    return bytes === shared
  }

  /** What stands in these bytes, for keeps. */
  keep(bytes: Buffer, from: number, to: number): Buffer {
    const kept = bytes.subarray(from, to)
    return bytes === shared ? Buffer.from(kept) : kept
  }

  /** The next bytes are put where they can stay, behind those that were read last where there is room. */
  advance(bytes: Buffer, used: number): void {
    this.next =
      bytes === shared || bytes.length - used < leastLeft ? Buffer.allocUnsafeSlow(ownSize) : bytes.subarray(used)
  }
}
