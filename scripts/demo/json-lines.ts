/**
 * JSON laid out for reading without being parsed: every token stays as it came, so the digits shown are those received.
 * What fits into `width` stays on one line.
 */
export function jsonLines(text: string, width = 100): string[] {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  let at = 0
  return value('')

  function value(indent: string): string[] {
    const open = tokens[at++] ?? ''
    if (open !== '{' && open !== '[') return [open]
    const items: string[][] = []
    while (at < tokens.length && tokens[at] !== '}' && tokens[at] !== ']') {
      if (tokens[at] === ',') at++
      else items.push(member(indent))
    }
    const close = tokens[at++] ?? ''
    const inline = `${open}${open === '{' ? ' ' : ''}${items.flat().join(', ')}${open === '{' ? ' ' : ''}${close}`
    const isFlat = items.every((lines) => lines.length === 1)
    if (isFlat && indent.length + inline.length <= width) return [items.length === 0 ? open + close : inline]
    const last = items.length - 1
    const inner = items.flatMap((lines, index) =>
      lines.map((line, row) => `  ${line}${row === lines.length - 1 && index < last ? ',' : ''}`),
    )
    return [open, ...inner, close]
  }

  function member(indent: string): string[] {
    const name = tokens[at + 1] === ':' ? `${tokens[at]}: ` : ''
    if (name !== '') at += 2
    const [first = '', ...rest] = value(`${indent}  `)
    return [name + first, ...rest]
  }
}
