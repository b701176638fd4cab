/** A value that XML, or the plan, has no place for. Its text never repeats the value. */
export class Unwritable extends Error {
  /** RFC 6901, into the JSON. */
  readonly pointer: string
  readonly keyword: string

  constructor(pointer: string, detail: string, keyword: string) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(detail)
    Error.stackTraceLimit = limit
    this.pointer = pointer
    this.keyword = keyword
  }
}

/** The XML would be larger than anybody meant. */
export class Overgrown extends Error {}
