import { Composer, type Document, isCollection, Lexer, Parser, parseDocument, visit } from 'yaml'

export interface YamlDocument {
  readonly document: Document.Parsed
  /** Offsets where a flow collection goes on left of what it belongs to; YAML forbids it, and other readers allow it. */
  readonly outdented: readonly number[]
  /** Where the first quoted text does so; it has one meaning however its lines are indented. */
  readonly outdentedQuote?: number
}

/** Collections mended at most: each costs a parse. */
const repairLimit = 20

const options = { merge: false, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const

/**
 * Parses YAML 1.2. Offsets of nodes are those of the text, also where it had to be mended.
 *
 * @throws RangeError where it nests without end
 */
export function parseYamlDocument(text: string): YamlDocument {
  const outdented: number[] = []
  let mended = text
  for (;;) {
    const document = parseDocument(mended, options)
    const unclosed = document.errors.find(({ message }) => /^Missing closing ['"]/.test(message))
    const quoted = unclosed && outdentedQuotes(mended)
    if (quoted !== undefined) return { document: quoted, outdented, outdentedQuote: unclosed!.pos[0] }
    const problem = document.errors.find(({ code }) => code === 'BAD_INDENT')
    if (problem === undefined || outdented.length === repairLimit) return { document, outdented }
    const next = joinFlow(mended, flowStart(document, problem.pos[0]))
    if (next === undefined || next === mended) return { document, outdented }
    outdented.push(problem.pos[0])
    mended = next
  }
}

/** Where the outermost flow collection before an offset starts. */
function flowStart(document: Document.Parsed, offset: number): number {
  let start = -1
  visit(document, {
    Collection(_, node) {
      if (!isCollection(node) || node.flow !== true || !node.range) return undefined
      if (node.range[0] <= offset && node.range[0] > start) start = node.range[0]
      return visit.SKIP
    },
  })
  return start
}

/** The flow collection at `start` on one line: line breaks and comments become spaces, so that offsets stay. */
function joinFlow(text: string, start: number): string | undefined {
  if (start < 0) return undefined
  const out: string[] = []
  let depth = 0
  const token = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|(?<=[\s,])#[^\n]*|[[\]{}]|[\r\n]/g
  token.lastIndex = start
  let from = start
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match
    if (found === '{' || found === '[') depth++
    else if (found === '}' || found === ']') depth--
    else if (found === '\n' || found === '\r' || found.startsWith('#')) {
      out.push(text.slice(from, match.index), ' '.repeat(found.length))
      from = token.lastIndex
    }
    if (depth === 0) return text.slice(0, start) + out.join('') + text.slice(from)
  }
  return undefined
}

interface LexerParts {
  indentNext: number
  parseQuotedScalar: () => Generator<string, unknown>
}

/** The document with quoted texts read to their closing quote, however their lines are indented; undefined where that mends nothing. */
function outdentedQuotes(text: string): Document.Parsed | undefined {
  const lexer = new Lexer()
  const parts = lexer as unknown as LexerParts
  const read = parts.parseQuotedScalar.bind(lexer)
  parts.parseQuotedScalar = function* () {
    const indent = parts.indentNext
    parts.indentNext = 0
    const next = yield* read()
    parts.indentNext = indent
    return next
  }
  const tokens = function* () {
    const parser = new Parser()
    for (const lexeme of lexer.lex(text)) yield* parser.next(lexeme)
    yield* parser.end()
  }
  const [document] = new Composer(options).compose(tokens(), true, text.length)
  return document === undefined || document.errors.length > 0 ? undefined : (document as Document.Parsed)
}
