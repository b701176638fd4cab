import type { Readable } from 'node:stream'

/** Who takes the bytes of a message as they come. */
export interface ByteSink {
  take(chunk: Buffer): void
  /** All has come. */
  done(): void
}

/**
 * A stream whose bytes can be had without the machinery of streams: three listeners, four turns and a state per message, 1 µs for
 * a body of one packet. Where it breaks off, it says so as any stream does, with `error`.
 */
export interface DirectSource extends Readable {
  /** @returns false where somebody has begun to read it: it must then be read as any stream */
  giveTo(sink: ByteSink): boolean
  /** The rest is thrown away. */
  letGo(): void
}

export function isDirectSource(source: Readable): source is DirectSource {
  return 'giveTo' in source
}
