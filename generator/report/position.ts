/** Where something stands in a text: 1-based. */
export interface Position {
  readonly line: number
  readonly column: number
  /** One past its last character, where it ends on the same line. */
  readonly endColumn?: number
}

/** The position of the characters from `start` to `end` (exclusive), as offsets into the text. */
export function positionAt(text: string, start: number, end?: number): Position {
  const clamped = Math.max(0, Math.min(start, text.length))
  let line = 1
  let lineStart = 0
  for (let next = text.indexOf('\n'); next !== -1 && next < clamped; next = text.indexOf('\n', next + 1)) {
    line++
    lineStart = next + 1
  }
  const column = clamped - lineStart + 1
  if (end === undefined || end <= clamped) return { line, column }
  const newline = text.indexOf('\n', clamped)
  const lineEnd = newline === -1 ? text.length : newline
  const trimmed = text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd
  return { line, column, endColumn: Math.max(column, Math.min(end, trimmed) - lineStart + 1) }
}
