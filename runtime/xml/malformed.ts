/** The document is not XML as Specgate reads it: not well-formed, a DTD, an unknown encoding, or past a limit. */
export class Malformed extends Error {
  /** Bytes of UTF-8 before the fault. */
  readonly offset: number

  /** @param message what rule is broken; never text of the document, since it is logged */
  constructor(message: string, offset = 0) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = limit
    this.name = 'Malformed'
    this.offset = offset
  }
}

/** The document is well-formed and says something the schema has no place for. */
export class Misfit extends Error {
  /** RFC 6901, into the JSON that was being written. */
  readonly pointer: string
  /** The JSON Schema keyword that comes nearest, or `xml`. */
  readonly keyword: string

  constructor(message: string, keyword: string, pointer = '') {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = limit
    this.name = 'Misfit'
    this.keyword = keyword
    this.pointer = pointer
  }
}

/** The document or what becomes of it is larger than the limits allow. */
export class TooLarge extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TooLarge'
  }
}
