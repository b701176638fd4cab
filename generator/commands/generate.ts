import { Command, Option } from 'commander'
import { cacheFolder } from '../cache-folder.ts'
import type { CompileResult, Phase } from '../index.ts'
import { Memory } from '../memory/memory.ts'
import { findDocuments } from './documents.ts'
import { folderName, printResult } from './print-result.ts'
import { Progress } from './progress.ts'

export interface GenerateOptions {
  readonly out: string
  readonly check?: boolean
  readonly watch?: boolean
  readonly json?: boolean
  readonly lenient?: boolean
  readonly strict?: boolean
}

/** `specgate generate [documents…] [--out DIR] [--check] [--watch] [--lenient] [--strict] [--json]`. */
export function generateCommand(exit: (code: number) => void): Command {
  return new Command('generate')
    .description('compile documents into services; without names, every document in specs/')
    .argument('[documents...]', 'OpenAPI documents, YAML or JSON')
    .option('--out <folder>', 'where services are written, one folder each', 'generated')
    .option('--check', 'write nothing; exit 1 if the output is stale')
    .addOption(new Option('--watch', 'compile again whenever a file changes').conflicts(['check', 'json']))
    .option('--lenient', 'leave out what cannot be compiled exactly, and say so in the README of the service')
    .option('--strict', 'refuse documents with security schemes that nothing verifies')
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
  if (options.watch === true)
    return (await import('./watch.ts')).watchDocuments(documents, {
      root,
      out: options.out,
      lenient: options.lenient === true,
      strict: options.strict === true,
    })
  const results: CompileResult[] = []
  const work = workshop(root, options)
  for (const [index, document] of documents.entries()) {
    const result = await work(document, documents.length > 1 ? `${index + 1}/${documents.length}` : '')
    results.push(result)
    if (options.json !== true) printResult(document, result, options)
  }
  if (options.json === true) console.log(JSON.stringify(await jsonResult(documents, results, options), null, 2))
  return results.every((result) => isGood(result, options)) ? 0 : 1
}

type Work = (document: string, position: string) => Promise<CompileResult>

/** How documents are compiled here. The compiler itself is loaded when the first document needs it. */
function workshop(root: string, options: GenerateOptions): Work {
  const kept = options.check === true ? undefined : cacheFolder()
  const memory = kept === undefined ? undefined : new Memory(kept)
  const progress = options.json === true ? undefined : new Progress(process.stderr)
  return async (document, position) => {
    const { out, lenient = false, strict = false } = options
    const asked = { document, root, out, lenient, strict }
    const known = memory?.recall(asked)
    if (known !== undefined) return known
    const { compile } = await import('../index.ts')
    progress?.start(document, position)
    const onPhase = (phase: Phase): void => progress?.step(phase)
    try {
      const result = await compile({ ...asked, check: options.check === true, onPhase })
      memory?.remember(asked, result)
      return result
    } finally {
      progress?.end()
    }
  }
}

function isGood(result: CompileResult, options: GenerateOptions): boolean {
  return result.service !== undefined && !(options.check === true && result.service.touched.length > 0)
}

async function jsonResult(
  documents: readonly string[],
  results: readonly CompileResult[],
  options: GenerateOptions,
): Promise<object> {
  const { jsonReport } = await import('../report/json.ts')
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
