/** Where a text that JSON.parse refuses goes wrong; V8 does not always say. RFC 8259. */
export function jsonError(text: string): { offset: number; reason: string } {
  const tokens =
    /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y
  const closers: string[] = []
  /** What may come next. */
  let expected: 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'comma' | 'end' = 'value'
  for (;;) {
    const start = tokens.lastIndex
    const token = tokens.exec(text)
    if (token === null) {
      const offset = start + (/^[ \t\n\r]*/.exec(text.slice(start, start + 10_000))?.[0].length ?? 0)
      if (offset >= text.length) return { offset: text.length, reason: 'the text ends too early.' }
      return { offset, reason: `${words[expected]} expected, not ${JSON.stringify(text[offset])}.` }
    }
    const [, mark, string] = token
    const wrong = { offset: tokens.lastIndex - token[0].trimStart().length, reason: `${words[expected]} expected.` }
    const closes = (mark === '}' || mark === ']') && mark === closers.at(-1)
    const mayClose = expected === 'comma' || expected === (mark === ']' ? 'first item' : 'first key')
    if (closes && mayClose) {
      closers.pop()
      expected = closers.length === 0 ? 'end' : 'comma'
    } else if (expected === 'colon') {
      if (mark !== ':') return wrong
      expected = 'value'
    } else if (expected === 'comma') {
      if (mark !== ',') return wrong
      expected = closers.at(-1) === '}' ? 'key' : 'value'
    } else if (expected === 'key' || expected === 'first key') {
      if (string === undefined) return wrong
      expected = 'colon'
    } else if (expected === 'end') return wrong
    else if (mark === '{' || mark === '[') {
      closers.push(mark === '{' ? '}' : ']')
      expected = mark === '{' ? 'first key' : 'first item'
    } else if (mark !== undefined) return wrong
    else expected = closers.length === 0 ? 'end' : 'comma'
  }
}

const words = {
  value: 'a value',
  'first item': 'a value or "]"',
  'first key': 'a key in double quotes or "}"',
  key: 'a key in double quotes',
  colon: '":"',
  comma: '"," or the closing bracket',
  end: 'the end of the text',
} as const
