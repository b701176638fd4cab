/**
 * A piece of TypeScript. Only this file makes one out of text, so that text from a document cannot become code:
 * what is interpolated into {@link code} is either code already or is printed as a literal.
 */
export class Code {
  readonly text: string

  private constructor(text: string) {
    this.text = text
  }

  /** For text of our own: keywords, punctuation, names that {@link identifierCode} has checked. */
  static readonly trusted = (text: string): Code => new Code(text)
}

/** `` code`export const ${name} = ${value}` ``: strings, numbers and booleans become literals, code stays code. */
export function code(
  strings: TemplateStringsArray,
  ...values: readonly (Code | string | number | boolean | null)[]
): Code {
  let text = strings[0]!
  values.forEach((value, index) => {
    text += (value instanceof Code ? value.text : scalarLiteral(value)) + strings[index + 1]!
  })
  return Code.trusted(text)
}

export function joinCode(parts: readonly Code[], separator = '\n'): Code {
  return Code.trusted(parts.map((part) => part.text).join(separator))
}

/** A name that may stand in code. A name that may not is our own bug: planning makes names safe. */
export function identifierCode(name: string): Code {
  if (!/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name)) throw new Error(`not an identifier: ${JSON.stringify(name)}`)
  return Code.trusted(name)
}

/** A documentation comment. Whatever the text holds, it cannot end the comment. */
export function comment(lines: readonly string[], indent = ''): Code {
  const safe = lines
    .flatMap((line) => line.split(/\r\n|[\n\r\u2028\u2029]/))
    .map((line) => line.replaceAll('*/', '*\\/').trimEnd())
  if (safe.length === 1) return Code.trusted(`${indent}/** ${safe[0]} */`)
  return Code.trusted(
    [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join('\n'),
  )
}

/** A string, number, boolean or null as TypeScript writes it; strings in single quotes. */
export function scalarLiteral(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value)
  const escaped = JSON.stringify(value)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `'${escaped}'`
}
