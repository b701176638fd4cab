import { findDelimiter, headEnd, lineBreak, mostHeadBytes, type PartHead, parsePartHead } from './multipart.ts'

export interface PartSink {
  /** A part begins. */
  head(part: PartHead): void
  /** Bytes of its content; only lent. */
  content(bytes: Buffer): void
  /** It is whole. */
  end(): void
}

type State = 'start' | 'delimiter' | 'head' | 'content' | 'end' | 'epilogue' | 'malformed'

/**
 * Reads a multipart body as it comes, by the same rules as {@link import('./multipart.ts').parseMultipart}, and keeps no more of it
 * than the head of a part or what may turn out to be a delimiter.
 */
export class MultipartScanner {
  readonly #delimiter: Buffer
  readonly #inner: Buffer
  readonly #mostParts: number
  readonly #sink: PartSink
  #state: State = 'start'
  #parts = 0
  /** What came and has not been settled yet. */
  #rest: Buffer = Buffer.alloc(0)

  /** @param boundary undefined where there is none that all readers find */
  constructor(boundary: string | undefined, mostParts: number, sink: PartSink) {
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1')
    this.#inner = Buffer.concat([lineBreak, this.#delimiter])
    this.#mostParts = mostParts
    this.#sink = sink
    if (boundary === undefined) this.#state = 'malformed'
  }

  get isMalformed(): boolean {
    return this.#state === 'malformed'
  }

  /** Whether the last delimiter has been seen: no further part may come (RFC 2046 §5.1.1). */
  get isOver(): boolean {
    return this.#state === 'end' || this.#state === 'epilogue'
  }

  /** Whether the body may end here. */
  get isWhole(): boolean {
    return this.#state === 'epilogue' || (this.#state === 'end' && this.#rest.length === 0)
  }

  take(chunk: Buffer): void {
    if (this.#state === 'malformed') return
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (;;) {
      const used = this.#step(bytes)
      if (used === undefined) break
      bytes = bytes.subarray(used)
    }
    // A copy: what was lent must not be held because of its last few bytes.
    this.#rest = Buffer.from(bytes)
  }

  /** @returns how many bytes have been dealt with; undefined where more must come first, or no more is wanted */
  #step(bytes: Buffer): number | undefined {
    switch (this.#state) {
      case 'start':
        return this.#start(bytes)
      case 'delimiter':
        return this.#afterDelimiter(bytes)
      case 'head':
        return this.#head(bytes)
      case 'content':
        return this.#content(bytes)
      case 'end':
        return this.#end(bytes)
      case 'epilogue':
        return this.#epilogue(bytes)
      default:
        return undefined
    }
  }

  #start(bytes: Buffer): number | undefined {
    if (bytes.length < this.#delimiter.length) return undefined
    if (!bytes.subarray(0, this.#delimiter.length).equals(this.#delimiter)) return this.#malformed()
    this.#state = 'delimiter'
    return this.#delimiter.length
  }

  #afterDelimiter(bytes: Buffer): number | undefined {
    if (bytes.length < 2) return undefined
    if (bytes[0] === 0x2d && bytes[1] === 0x2d) {
      this.#state = 'end'
      return 2
    }
    if (bytes[0] !== 0x0d || bytes[1] !== 0x0a || this.#parts++ >= this.#mostParts) return this.#malformed()
    this.#state = 'head'
    return 2
  }

  #head(bytes: Buffer): number | undefined {
    const end = bytes.indexOf(headEnd)
    // The line break before it was that of a delimiter.
    if (bytes.subarray(0, this.#delimiter.length).equals(this.#delimiter)) return this.#malformed()
    if (end > mostHeadBytes || (end === -1 && bytes.length > mostHeadBytes + headEnd.length)) return this.#malformed()
    // A delimiter in the head, or one that takes its line break from the blank line, leaves no part: readers differ there.
    if (end === -1 || bytes.length < end + 2 + this.#inner.length) {
      return bytes.indexOf(this.#inner) === -1 ? undefined : this.#malformed()
    }
    const inner = bytes.subarray(0, end + 2 + this.#inner.length).indexOf(this.#inner)
    const part = inner === -1 ? parsePartHead(bytes.toString('utf8', 0, end)) : undefined
    if (part === undefined) return this.#malformed()
    this.#state = 'content'
    this.#sink.head(part)
    return end + headEnd.length
  }

  #content(bytes: Buffer): number | undefined {
    const end = findDelimiter(bytes, this.#delimiter, 0)
    if (end === -2) return this.#malformed()
    if (end !== -1) {
      if (end > 0) this.#sink.content(bytes.subarray(0, end))
      this.#sink.end()
      this.#state = 'delimiter'
      return end + this.#inner.length
    }
    const settled = bytes.length - this.#inner.length + 1
    if (settled <= 0) return undefined
    this.#sink.content(bytes.subarray(0, settled))
    return settled
  }

  /** Behind the last delimiter its line ends, or the body does. */
  #end(bytes: Buffer): number | undefined {
    if (!lineBreak.subarray(0, bytes.length).equals(bytes.subarray(0, 2))) return this.#malformed()
    if (bytes.length < 2) return undefined
    this.#state = 'epilogue'
    return 2
  }

  #epilogue(bytes: Buffer): number | undefined {
    if (bytes.includes(this.#delimiter)) return this.#malformed()
    const settled = bytes.length - this.#delimiter.length + 1
    return settled <= 0 ? undefined : settled
  }

  #malformed(): undefined {
    this.#state = 'malformed'
  }
}
