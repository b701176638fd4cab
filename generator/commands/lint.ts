import { Command } from 'commander'
import { type InspectResult, inspect } from '../index.ts'
import { jsonReport } from '../report/json.ts'
import { printDiagnostics } from '../report/print.ts'
import { findDocuments } from './documents.ts'

interface LintOptions {
  readonly json?: boolean
  readonly lenient?: boolean
  readonly strict?: boolean
}

/** `specgate lint [documents…]`: everything there is to say about documents, without writing anything. */
export function lintCommand(exit: (code: number) => void): Command {
  return new Command('lint')
    .description('check documents without writing anything; lists the operations that anybody may call')
    .argument('[documents...]', 'OpenAPI documents; without names, every document in specs/')
    .option('--lenient', 'as generate --lenient would: what can be left out is a warning')
    .option('--strict', 'as generate --strict would: security schemes that nothing verifies are errors')
    .option('--json', 'print every diagnostic as JSON')
    .action(async (documents: string[], options: LintOptions) => {
      exit(await lint(documents, options))
    })
}

async function lint(named: readonly string[], { json, lenient = false, strict = false }: LintOptions): Promise<number> {
  const root = process.cwd()
  const documents = named.length > 0 ? named : await findDocuments(root)
  const results: InspectResult[] = []
  for (const document of documents) results.push(await inspect({ document, root, out: 'generated', lenient, strict }))
  if (json === true) {
    console.log(
      JSON.stringify(
        results.flatMap(({ diagnostics, sources }) => jsonReport(diagnostics, sources)),
        null,
        2,
      ),
    )
  } else {
    for (const [index, result] of results.entries()) printFindings(documents[index]!, result)
  }
  return results.every(({ plan }) => plan !== undefined) ? 0 : 1
}

function printFindings(document: string, { diagnostics, sources, plan }: InspectResult): void {
  process.stdout.write(printDiagnostics(diagnostics, sources))
  for (const { id, method, request, openTo } of plan?.operations ?? []) {
    if (openTo === 'anybody') console.log(`${document}: anybody may call ${id} (${method} ${request})`)
    if (openTo === 'unverified') console.log(`${document}: nothing verifies who calls ${id} (${method} ${request})`)
  }
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  console.log(`${document}: ${errors} errors, ${diagnostics.length - errors} other findings`)
}
