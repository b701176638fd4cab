import { join } from 'node:path'
import { compile } from '../../generator/index.ts'
import { printDiagnostics } from '../../generator/report/print.ts'

/**
 * Compiles `document` (relative to `root`) and bundles it.
 * @returns the path of `dist/server.js`
 * @throws Error with the printed diagnostics where it does not compile
 */
export async function compileService(root: string, document: string, lenient = false): Promise<string> {
  const result = await compile({ document, root, out: 'generated', lenient })
  if (result.service === undefined) {
    throw new Error(`${document} does not compile\n${printDiagnostics(result.diagnostics, result.sources)}`)
  }
  return join(result.folder, 'dist', 'server.js')
}
