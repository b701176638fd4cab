import type { CompileResult } from '../index.ts'
import { printDiagnostics } from '../report/print.ts'

/** Findings to stderr, then one line that says what became of the document. */
export function printResult(document: string, result: CompileResult, options: { check?: boolean }): void {
  if (result.diagnostics.length > 0) process.stderr.write(printDiagnostics(result.diagnostics, result.sources))
  const { service } = result
  if (service === undefined) {
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
    const hint = errors.every(({ narrows }) => narrows !== undefined)
      ? ' With --lenient it would be, without the operations that need what is wrong.'
      : ''
    console.error(`${document}: not compiled.${hint}`)
    return
  }
  const operations = service.operations === 1 ? '1 operation' : `${service.operations} operations`
  if (options.check !== true) {
    const written = service.touched.length === 0 ? 'up to date' : `${service.touched.length} files written`
    console.log(`${document} → ${folderName(result)}  ${operations}, ${written}`)
  } else if (service.touched.length > 0) {
    console.error(`${folderName(result)} is stale; run npm run generate. Differs: ${service.touched.join(', ')}`)
  } else {
    console.log(`${folderName(result)} is up to date`)
  }
}

/** The folder as a person would type it. */
export function folderName(result: CompileResult): string {
  const relative = result.folder.startsWith(`${process.cwd()}/`)
    ? result.folder.slice(process.cwd().length + 1)
    : undefined
  return relative ?? result.folder
}
