import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decisionsPage } from './docs/decisions.ts'
import { diagnosticsPage } from './docs/diagnostics.ts'
import { editorSchema } from './docs/editor-schema.ts'
import { referencePages } from './docs/reference.ts'

/**
 * `npm run docs`: writes what is derived from the policies and the catalogue of diagnostics: docs/reference/,
 * docs/diagnostics.md, docs/decisions/README.md and schema/x-proxy.schema.json. `-- --check` writes nothing and exits 1 where they are stale.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const check = process.argv.includes('--check')

const pages = new Map<string, string>([
  ...referencePages(),
  ['docs/decisions/README.md', decisionsPage(root)],
  ['docs/diagnostics.md', diagnosticsPage()],
  ['schema/x-proxy.schema.json', `${JSON.stringify(editorSchema(), null, 2)}\n`],
])

const stale = [...pages].filter(
  ([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text,
)
const reference = join(root, 'docs', 'reference')
const left = existsSync(reference) ? readdirSync(reference).filter((name) => !pages.has(`docs/reference/${name}`)) : []

if (check) {
  const found = [...stale.map(([file]) => file), ...left.map((name) => `docs/reference/${name}`)]
  if (found.length > 0) console.error(`Stale; run npm run docs: ${found.join(', ')}`)
  process.exitCode = found.length > 0 ? 1 : 0
} else {
  for (const [file, text] of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
    console.log(file)
  }
  for (const name of left) rmSync(join(reference, name))
}
