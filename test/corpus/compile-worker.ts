import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../../generator/index.ts'
import type { Diagnostic } from '../../generator/model/diagnostic.ts'
import { locate } from '../../generator/report/source-map.ts'
import type { Compiled, CompileFinding } from './compile-document.ts'

// A process of its own for each document, so that its memory can be measured and nothing is kept warm for the next.
const [root = '', document = '', out = ''] = process.argv.slice(2)
const start = performance.now()
const { folder, diagnostics, sources, ...strict } = await compile({ root, document, out })
const milliseconds = Math.round(performance.now() - start)
// What is refused must compile without what is wrong in it, where that can be left out.
const lenient = strict.service === undefined ? await compile({ root, document, out, lenient: true }) : undefined
const service = strict.service ?? lenient?.service
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
  leftOut: lenient === undefined ? undefined : leftOutOf(lenient.diagnostics),
  unreachable: diagnostics.flatMap(unreachableOf),
  operations: service?.operations ?? 0,
  findings,
  milliseconds,
  peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
  emittedBytes: service === undefined ? 0 : bytesUnder(folder),
  bundleBytes: service === undefined ? 0 : statSync(join(folder, 'dist', 'server.js')).size,
}
// A long message takes a while to leave the process.
await new Promise<void>((resolve) => process.send?.(compiled, () => resolve()))
process.disconnect?.()

/** As the warnings say it that `--lenient` makes of errors. */
function leftOutOf(found: readonly Diagnostic[]): string[] {
  const lists = found.map(({ help = '' }) => /^Left out: ([A-Z]+ \/.*)\.$/.exec(help)?.[1] ?? '')
  return [...new Set(lists.flatMap((list) => list.split(/, (?=[A-Z]+ \/)/)).filter((name) => name !== ''))]
}

/** Operations that no request can mean: `path-unreachable`. */
function unreachableOf({ code, message }: Diagnostic): string[] {
  const [, method, path] = /^No request to (\S+) "(.*)" can be told/.exec(message) ?? []
  return code === 'path-unreachable' ? [`${method} ${path}`] : []
}

/** What is committed: everything but the bundle. */
function bytesUnder(path: string): number {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('dist'))
    .map((name) => statSync(join(path, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0)
}
