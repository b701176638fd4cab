import { join } from 'node:path'
import { compile } from '../../generator/index.ts'

/**
 * Compiles `document` (relative to `root`) and bundles it.
 * @returns the path of `dist/server.js`
 */
export async function compileService(root: string, document: string): Promise<string> {
  const result = await compile({ root, documents: [document], out: 'generated' })
  if (result.failed) throw new Error(`${document} does not compile\n${result.report}`)
  return join(root, 'generated', document.replace(/\.\w+$/, ''), 'dist', 'server.js')
}
