import { type Document, isCollection, parseDocument, visit } from 'yaml'

export interface YamlDocument {
  readonly document: Document.Parsed
  /** Offsets where a flow collection goes on left of what it belongs to; YAML forbids it, and other readers allow it. */
  readonly outdented: readonly number[]
}

/** Collections mended at most: each costs a parse. */
const repairLimit = 20

/**
 * Parses YAML 1.2. Offsets of nodes are those of the text, also where it had to be mended.
 *
 * @throws RangeError where it nests without end
 */
export function parseYamlDocument(text: string): YamlDocument {
  const outdented: number[] = []
  let mended = text
  for (;;) {
    const document = parseDocument(mended, {
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
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
