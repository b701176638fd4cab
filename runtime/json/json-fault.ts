/** What is wrong with a JSON text, or has no place where it is meant to go. Its text never repeats a value. */
export class JsonFault extends Error {
  /** RFC 6901. */
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

/** RFC 6901 of member names and indexes. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
