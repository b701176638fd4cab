import { Command } from 'commander'
import { type CompileResult, compile } from '../index.ts'
import { jsonReport } from '../report/json.ts'
import { findDocuments } from './documents.ts'
import { folderName, printResult } from './print-result.ts'
import { watchDocuments } from './watch.ts'

export interface GenerateOptions {
  readonly out: string
  readonly check?: boolean
  readonly watch?: boolean
  readonly json?: boolean
}

/** `specgate generate [documents…] [--out DIR] [--check] [--watch] [--json]`. */
export function generateCommand(exit: (code: number) => void): Command {
  return new Command('generate')
    .description('compile documents into services; without names, every document in specs/')
    .argument('[documents...]', 'OpenAPI documents, YAML or JSON')
    .option('--out <folder>', 'where services are written, one folder each', 'generated')
    .option('--check', 'write nothing; exit 1 if the output is stale')
    .option('--watch', 'compile again whenever a file changes')
    .option('--json', 'print the result and every diagnostic as JSON')
    .action(async (documents: string[], options: GenerateOptions) => {
      exit(await generate(documents, options))
    })
}

async function generate(named: readonly string[], options: GenerateOptions): Promise<number> {
  const root = process.cwd()
  const documents = named.length > 0 ? named : await findDocuments(root)
  if (documents.length === 0) {
    console.error('No document to compile: name one, or put it into specs/.')
    return 2
  }
  const results: CompileResult[] = []
  for (const document of documents) {
    const result = await compile({ document, root, out: options.out, check: options.check === true })
    results.push(result)
    if (options.json !== true) printResult(document, result, options)
  }
  if (options.json === true) console.log(JSON.stringify(jsonResult(documents, results, options), null, 2))
  if (options.watch === true) await watchDocuments(documents, results, { root, out: options.out })
  return results.every((result) => isGood(result, options)) ? 0 : 1
}

function isGood(result: CompileResult, options: GenerateOptions): boolean {
  return result.service !== undefined && !(options.check === true && result.service.touched.length > 0)
}

function jsonResult(documents: readonly string[], results: readonly CompileResult[], options: GenerateOptions): object {
  return {
    documents: results.map((result, index) => ({
      document: documents[index],
      name: result.name,
      folder: folderName(result),
      ok: isGood(result, options),
      ...(result.service === undefined
        ? {}
        : {
            operations: result.service.operations,
            [options.check === true ? 'stale' : 'written']: result.service.touched,
          }),
      diagnostics: jsonReport(result.diagnostics, result.sources),
    })),
  }
}
