import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../../generator/index.ts'
import { locate } from '../../generator/report/source-map.ts'
import type { Compiled, CompileFinding } from './compile-document.ts'

// A process of its own for each document, so that its memory can be measured and nothing is kept warm for the next.
const [root = '', document = '', out = ''] = process.argv.slice(2)
const start = performance.now()
const { folder, service, diagnostics, sources } = await compile({ root, document, out })
const milliseconds = Math.round(performance.now() - start)
const positions =
  sources === undefined
    ? []
    : locate(
        diagnostics.map(({ place }) => place),
        sources,
      )
const findings = diagnostics.map(({ code, severity, message, place }, index): CompileFinding => {
  const line = positions[index]?.line ?? place.line
  return { code, severity, message, place: `${place.file}${line === undefined ? '' : `:${line}`}${place.pointer}` }
})
const compiled: Compiled = {
  folder: service === undefined ? undefined : folder,
  operations: service?.operations ?? 0,
  findings,
  milliseconds,
  peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
  emittedBytes: service === undefined ? 0 : bytesUnder(folder),
  bundleBytes: service === undefined ? 0 : statSync(join(folder, 'dist', 'server.js')).size,
}
process.send?.(compiled)
process.disconnect?.()

/** What is committed: everything but the bundle. */
function bytesUnder(path: string): number {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('dist'))
    .map((name) => statSync(join(path, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0)
}
