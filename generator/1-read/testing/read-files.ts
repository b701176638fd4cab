import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { jsonReport } from '../../report/json.ts'
import { Reporter } from '../../report/reporter.ts'
import { locate } from '../../report/source-map.ts'
import { Sources } from '../../report/sources.ts'
import { readDocument } from '../read.ts'

/** Reads the first of some files, written to an empty folder; `*.overlay.*` are its overlays. For tests. */
export async function readFiles(files: Readonly<Record<string, string | Uint8Array>>) {
  const root = mkdtempSync(join(tmpdir(), 'specgate-read-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), content)
    }
    const names = Object.keys(files)
    const overlays = names.filter((name) => name.includes('.overlay.'))
    const reporter = new Reporter()
    const sources = new Sources()
    const result = await readDocument(names[0]!, { root, overlays, sources }, reporter)
    // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of any shape
    const value = result?.tree.root.value as any
    return {
      result,
      /** The normal form. */
      value,
      /** `code file:line:column`, in the order of printing. */
      found: jsonReport(reporter.diagnostics, sources).map(
        ({ code, file, line, column }) => `${code} ${file}:${line}:${column}`,
      ),
      diagnostics: reporter.diagnostics,
      /** Where the author wrote what is at this path of the normal form: `file#pointer`, and the text there. */
      placeOf(...path: readonly (string | number)[]): string {
        let node = result!.tree.root
        for (const key of path.slice(0, -1)) node = node.at(key)!
        const place = path.length === 0 ? node.place : node.placeOf(path.at(-1)!)
        return `${place.file}#${place.pointer}`
      },
      lineOf(...path: readonly (string | number)[]): string {
        let node = result!.tree.root
        for (const key of path.slice(0, -1)) node = node.at(key)!
        const place = node.placeOf(path.at(-1)!)
        const [position] = locate([place], sources)
        return `${place.file}:${position?.line}:${position?.column}`
      },
    }
  } finally {
    rmSync(root, { recursive: true })
  }
}
