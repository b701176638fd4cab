import type { Compiled } from './compile-document.ts'
import { type CorpusDocument, documentsAtFault } from './documents.ts'
import type { Tried } from './try-document.ts'

/** What became of one document. */
export interface DocumentResult {
  readonly document: CorpusDocument
  readonly compiled: Compiled | undefined
  /** What the strict type check says. */
  readonly types: readonly string[]
  readonly tried: Tried | undefined
  /** The compiler, the service or the test itself broke down. */
  readonly broken: string | undefined
}

export interface Failure {
  readonly kind: 'crash' | 'refused' | 'slow' | 'memory' | 'types' | 'valid request' | 'mutation'
  readonly file: string
  readonly text: string
}

/** Issue 3: no document takes longer, or more. */
const mostMilliseconds = 60_000
const mostMebibytes = 2048

/** Everything that is not as promised. */
export function failuresOf({ document, compiled, types, tried, broken }: DocumentResult): Failure[] {
  const { file } = document
  const failures: Failure[] = []
  const add = (kind: Failure['kind'], text: string): number => failures.push({ kind, file, text })
  if (broken !== undefined) add('crash', broken.split('\n').slice(0, 8).join('\n'))
  if (compiled !== undefined) {
    const errors = compiled.findings.filter(({ severity }) => severity === 'error')
    const expected = documentsAtFault[file] ?? []
    for (const { code, message, place } of errors) {
      if (!expected.includes(code)) add('refused', `${place}: ${code}: ${message}`)
    }
    if (compiled.milliseconds > mostMilliseconds) add('slow', `${compiled.milliseconds} ms`)
    if (compiled.peakMebibytes > mostMebibytes) add('memory', `${compiled.peakMebibytes} MiB`)
  }
  for (const text of types) add('types', text)
  for (const { operation, what, fault, target, body } of tried?.faults ?? []) {
    const sent = `sent ${target}${body === '' ? '' : ` ${body}`}`.slice(0, 400)
    add(fault.isValid ? 'valid request' : 'mutation', `${operation}, ${what}: ${fault.text}; ${sent}`)
  }
  return failures
}
