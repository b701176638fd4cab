/** Takes the values out of a segment, or says that it is another one (and then leaves `values` as it was). */
export type Capture = (segment: string, values: string[]) => boolean

/** A path segment that holds variables: `{id}`, `{name}.{format}`, `{id}:cancel`. */
export interface SegmentPattern {
  /** The literal text with a mark for each variable: two patterns of one shape match the same segments. */
  readonly shape: string
  /** Characters of literal text; the pattern with more of it is tried first. */
  readonly literalLength: number
  /** Undefined: the whole segment is one variable. */
  readonly capture: Capture | undefined
}

/** One segment of a path template: a literal as it stands on the wire, or a pattern. */
export function segmentPattern(segment: string): string | SegmentPattern {
  const parts = segment.split(/\{[^{}]*\}/)
  const literals = parts.map(wireForm)
  if (literals.length === 1) return literals[0]!
  const literalLength = literals.reduce((sum, literal) => sum + literal.length, 0)
  return {
    shape: literals.join('{}'),
    literalLength,
    capture: literalLength === 0 && literals.length === 2 ? undefined : mixed(literals),
  }
}

/**
 * Each variable takes as little as it can, at least one character; the last takes what is left. Taking the leftmost
 * separator never loses a match that exists, so one pass settles it: no regular expression, no backtracking.
 */
function mixed(literals: readonly string[]): Capture {
  const prefix = literals[0]!
  const suffix = literals.at(-1)!
  const separators = literals.slice(1, -1)
  return (segment, values) => {
    if (!segment.startsWith(prefix) || !segment.endsWith(suffix)) return false
    const end = segment.length - suffix.length
    const before = values.length
    let start = prefix.length
    for (const separator of separators) {
      const at = segment.indexOf(separator, start + 1)
      if (at === -1 || at + separator.length > end) {
        values.length = before
        return false
      }
      values.push(segment.slice(start, at))
      start = at + separator.length
    }
    if (start >= end) {
      values.length = before
      return false
    }
    values.push(segment.slice(start, end))
    return true
  }
}

/** What RFC 3986 §3.3 lets stand in a segment as it is. */
const plain = /[A-Za-z0-9\-._~!$&'()*+,;=:@]/

/** Literal text as a client sends it: `café menu` → `caf%C3%A9%20menu`; escapes already there are kept. */
function wireForm(literal: string): string {
  let wire = ''
  for (let i = 0; i < literal.length; ) {
    const triplet = /^%([0-9A-Fa-f]{2})/.exec(literal.slice(i, i + 3))
    if (triplet !== null) {
      const char = String.fromCharCode(Number.parseInt(triplet[1]!, 16))
      wire += /[A-Za-z0-9\-._~]/.test(char) ? char : triplet[0].toUpperCase()
      i += 3
      continue
    }
    const char = String.fromCodePoint(literal.codePointAt(i)!)
    wire += plain.test(char) ? char : percentEncode(char)
    i += char.length
  }
  return wire
}

function percentEncode(char: string): string {
  let encoded = ''
  for (const byte of Buffer.from(char)) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return encoded
}
