import { catalogue } from '../../generator/report/catalogue.ts'

const narrowedOperation = ' (`--lenient`: operations that need it are left out)'
const refused = ' (`--strict`: an error)'
const narrowedName = ' (`--lenient`: another name is made up)'
const narrowedKeyword = ' (`--lenient`: the keyword is left out)'

interface Entry {
  readonly severity: string
  readonly message: (gaps: never) => string
  readonly help?: string | ((gaps: never) => string | undefined)
  readonly narrows?: string
  readonly strict?: true
}

/** Every finding the compiler can report, by its code. */
export function diagnosticsPage(): string {
  const parts = Object.entries(catalogue as Readonly<Record<string, Entry>>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, entry]) => {
      const help = filled(typeof entry.help === 'function' ? entry.help : () => entry.help as string | undefined)
      const lenient = narrowed(entry.narrows)
      const strict = entry.strict === true ? refused : ''
      return `## ${code}\n\n*${entry.severity}*${lenient}${strict} · ${filled(entry.message)}${help === '' ? '' : `\n\n${help}`}\n`
    })
  return `<!-- Derived from the code by \`npm run docs\`; changes made here are lost. -->
# Diagnostics

What the compiler can say about a document. Each finding comes with its file, line and column; an *error* keeps the
service from being written, a *warning* does not. With \`--lenient\` some errors become warnings: what needs the fault is left
out, and listed in the README of the service. Names in ‹angles› stand for what is meant in the case at hand.

${parts.join('\n')}`
}

function narrowed(narrows: string | undefined): string {
  if (narrows === undefined) return ''
  return narrows === 'name' ? narrowedName : narrows === 'keyword' ? narrowedKeyword : narrowedOperation
}

/** The text with the name of each gap in it. A gap may be text or a list: the second try takes it for a list. */
function filled(text: (gaps: never) => string | undefined): string {
  for (const gap of [(name: string) => `‹${name}›`, (name: string) => [`‹${name}›`]]) {
    const gaps = new Proxy({}, { get: (_, name) => gap(String(name)) })
    try {
      return text(gaps as never) ?? ''
    } catch {
      // A list was wanted.
    }
  }
  throw new Error(`cannot show ${text}`)
}
