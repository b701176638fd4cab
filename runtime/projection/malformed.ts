/** What is no JSON, or no JSON that can be read safely. It has no stack: an upstream's mistake is ordinary work. */
export class MalformedJson extends Error {
  constructor(what: string) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(what)
    Error.stackTraceLimit = limit
    this.name = 'MalformedJson'
  }
}

/** A member that nobody declared, where such an answer is refused. */
export class Undeclared extends Error {
  constructor() {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super('undeclared')
    Error.stackTraceLimit = limit
    this.name = 'Undeclared'
  }
}
