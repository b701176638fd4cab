/** Where something stands in a text: 1-based. */
export interface Position {
  readonly line: number
  readonly column: number
  /** One past its last character, where it ends on the same line. */
  readonly endColumn?: number
}

/** The lines of a text, found once: positions and code frames of many diagnostics then cost little. */
export class Lines {
  readonly #text: string
  /** Offsets at which lines start. */
  readonly #starts: number[] = [0]

  constructor(text: string) {
    this.#text = text
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) this.#starts.push(end + 1)
  }

  get count(): number {
    return this.#starts.length
  }

  /** The text of a line, 1-based, without its line break; '' past the end. */
  text(line: number): string {
    const start = this.#starts[line - 1]
    if (start === undefined) return ''
    return this.#text.slice(start, (this.#starts[line] ?? this.#text.length + 1) - 1).replace(/\r$/, '')
  }

  /** The position of the characters from `start` to `end` (exclusive), as offsets into the text. */
  position(start: number, end?: number): Position {
    const offset = Math.max(0, Math.min(start, this.#text.length))
    let line = 1
    for (let low = 0, high = this.#starts.length - 1; low <= high; ) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) {
        line = middle + 1
        low = middle + 1
      } else high = middle - 1
    }
    const lineStart = this.#starts[line - 1]!
    const column = offset - lineStart + 1
    if (end === undefined || end <= offset) return { line, column }
    return { line, column, endColumn: Math.max(column, Math.min(end - lineStart, this.text(line).length) + 1) }
  }
}

/** The position of one offset. */
export function positionAt(text: string, offset: number): Position {
  return new Lines(text).position(offset)
}
