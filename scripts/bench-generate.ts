import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BenchDocument, benchDocuments } from './bench-generate/documents.ts'
import { measure, measureStart, type Run, type Start } from './bench-generate/process-tree.ts'
import { type Figures, figuresRow, figuresTable } from './bench-generate/table.ts'

/**
 * `npm run bench:generate -- [--rounds 3] [--starts 9] [--only stripe]`: what compiling real documents costs, beside
 * openapi-typescript's own command on the same document in the same run, and how the services start. Tools take turns
 * and each keeps its best round: what else the machine does only ever adds. Linux only. Writes docs/generation.md.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const work = join(root, '.cache', 'bench-generate')
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    starts: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
  },
})

const chosen = benchDocuments.filter(({ name }) => name.includes(values.only))
const missing = chosen.filter(({ file }) => !existsSync(join(root, file)))
for (const { name, file } of missing) console.error(`missing: ${name} (${file})`)
rmSync(work, { recursive: true, force: true })
mkdirSync(work, { recursive: true })

const rows: Figures[] = []
for (const document of chosen.filter((document) => !missing.includes(document))) {
  const figures = await figuresOf(document)
  if (figures === undefined) continue
  rows.push(figures)
  console.log(figuresRow(figures))
}
console.log(`\n${figuresTable(rows)}`)
if (values.only === '') writeFileSync(join(root, 'docs', 'generation.md'), page(rows))

async function figuresOf({ name, file }: BenchDocument): Promise<Figures | undefined> {
  const out = join(work, name.replace(/[^a-z0-9]+/gi, '-'))
  const ours: Run[] = []
  const theirs: Run[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    // Each round writes everything anew, as the other tool does.
    rmSync(out, { recursive: true, force: true })
    ours.push(await measure(['--conditions=@specgate/source', 'scripts/generate.ts', file, '--out', out], root))
    const cli = 'node_modules/openapi-typescript/bin/cli.js'
    theirs.push(await measure([cli, file, '--output', join(work, 'types.ts')], root))
  }
  if (ours.some(({ exitCode }) => exitCode !== 0)) {
    console.error(`${name}: not compiled\n${ours[0]!.output.slice(-2000)}`)
    return undefined
  }
  const folder = join(out, readdirSync(out)[0]!)
  const bundle = join(folder, 'dist', 'server.js')
  const starts: Start[] = []
  for (let round = 0; round < Number(values.starts); round++)
    starts.push(await measureStart(bundle, upstreamsOf(folder)))
  return {
    name,
    inputBytes: bytesOf(file.endsWith('DigitalOcean-public.v2.yaml') ? dirname(file) : file),
    operations: readdirSync(join(folder, 'operations')).length,
    generate: best(ours),
    types: theirs.every(({ exitCode }) => exitCode === 0) ? best(theirs) : undefined,
    emittedBytes: bytesOf(folder) - statSync(bundle).size,
    bundleBytes: statSync(bundle).size,
    start: best(starts),
  }
}

/** The least of each figure. */
function best<T extends object>(runs: readonly T[]): T {
  const merged = { ...runs[0]! } as Record<string, unknown>
  for (const run of runs) {
    for (const [key, value] of Object.entries(run)) {
      if (typeof value === 'number') merged[key] = Math.min(merged[key] as number, value)
    }
  }
  return merged as T
}

/** A document without an absolute server leaves its upstream to whoever deploys it. */
function upstreamsOf(folder: string): Record<string, string> {
  const settings = join(folder, '.env.example')
  const names = [...readFileSync(settings, 'utf8').matchAll(/^(UPSTREAM_\w+_URL)=/gm)].map(([, name]) => name!)
  return Object.fromEntries(names.map((name) => [name, 'http://127.0.0.1:9']))
}

/** A file's size, or that of all files below a folder. */
function bytesOf(path: string): number {
  const at = resolve(root, path)
  if (!statSync(at).isDirectory()) return statSync(at).size
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(at, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)
}

function page(rows: readonly Figures[]): string {
  const [cpu] = cpus()
  const absent = missing.map(({ name }) => name).join(', ')
  return `# Generation

Written by \`npm run bench:generate\`: the best of ${values.rounds} rounds of the whole command (without npm, which adds the
same to any command), beside openapi-typescript's own command on the same document, taking turns within one run. The
ratios are ours to theirs, in time and in processor time; peak memory is that of all processes together (theirs in
brackets). Start is from spawning the bundle to its \`listening\` line, best of ${values.starts}, with the processor time in
brackets; RSS is the service's at that moment. Node ${process.version}, ${cpu?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}.

${figuresTable(rows)}
${absent === '' ? '' : `\nNot at hand: ${absent}.\n`}`
}
