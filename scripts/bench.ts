import type { ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compile } from '../generator/index.ts'
import { chart } from './bench/chart.ts'
import { type Contender, cpuSeconds, residentMiB, start, startLoad } from './bench/contestant.ts'
import { benchConsumers, benchDocument, variants } from './bench/documents.ts'
import type { Round, RoundResult } from './bench/load.ts'
import { hasNginx, startNginx } from './bench/nginx.ts'
import { byHand, goalTable, type Played, page } from './bench/page.ts'
import { type Contestant, type Scenario, scenarios } from './bench/scenarios.ts'
import { median, type Score, scoreTable } from './bench/table.ts'
import { hasVarnish, startVarnish } from './bench/varnish.ts'

/**
 * `npm run bench -- [--rounds 10] [--seconds 2] [--connections 64] [--only cache]`: what a request costs, beside the
 * least that could be done with the same libraries. All contestants of a scenario run at once and take turns, so that
 * whatever else the machine does hits them alike; nginx and Varnish take part where they are installed. A run of everything writes
 * docs/performance.md and its charts. Linux only: CPU time is read from /proc.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const work = join(root, '.cache', 'bench')
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string', default: '' },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const connections = Number(values.connections)
/** Proxies have a core for themselves; upstream and load share the other. */
const cores = cpus().length > 1 ? { proxy: 0, rest: 1 } : { proxy: 0, rest: 0 }

const busy = (loadavg()[0] ?? 0).toFixed(1)

const running: { readonly process: ChildProcess }[] = []
let load: ReturnType<typeof startLoad<Round, RoundResult>>
try {
  await compileVariants()
  const upstream = await run(script('upstream'), {}, cores.rest)
  load = startLoad<Round, RoundResult>(script('load'), cores.rest)
  running.push(load)
  const only = values.only.toLowerCase()
  const chosen = scenarios.filter(({ id, title }) => id === only || title.toLowerCase().includes(only))
  const played: Played[] = []
  for (const scenario of chosen) {
    const scores = await play(scenario, `http://127.0.0.1:${upstream.port}`)
    played.push({ scenario, scores })
    console.log(`\n## ${scenario.title}\n\n${scoreTable(scores)}`)
  }
  console.log(`\n${goalTable(played)}`)
  if (chosen.length === scenarios.length) write(played)
} finally {
  for (const { process: child } of running) child.kill('SIGKILL')
}

async function compileVariants(): Promise<void> {
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  writeFileSync(join(work, 'bench.consumers.yaml'), benchConsumers())
  for (const variant of variants) {
    writeFileSync(join(work, `${variant}.json`), JSON.stringify(benchDocument(variant)))
    const { service, diagnostics } = await compile({ root: work, document: `${variant}.json`, out: 'generated' })
    if (service === undefined) throw new Error(`${variant}: ${JSON.stringify(diagnostics)}`)
  }
}

function script(name: string): string {
  return join(root, 'scripts', 'bench', `${name}.ts`)
}

async function run(file: string, env: Record<string, string>, core: number): Promise<Contender> {
  const started = await start(file, env, core)
  running.push(started)
  return started
}

async function enter(contestant: Contestant, upstream: string): Promise<Contender> {
  if ('nginx' in contestant || 'varnish' in contestant) {
    const started = await ('nginx' in contestant
      ? startNginx(contestant.nginx, upstream, work, cores.proxy)
      : startVarnish(upstream, work, cores.proxy))
    running.push(started)
    return started
  }
  const file =
    'script' in contestant
      ? script(contestant.script)
      : join(work, 'generated', contestant.variant, 'dist', 'server.js')
  return await run(file, { UPSTREAM_DEFAULT_URL: upstream }, cores.proxy)
}

function pidOf({ serving, process: child }: Contender): number {
  return serving ?? child.pid!
}

async function play(scenario: Scenario, upstream: string): Promise<Score[]> {
  const field: { contestant: Contestant; started: Contender; results: RoundResult[]; cpu: number[] }[] = []
  for (const contestant of scenario.contestants) {
    if ('nginx' in contestant && !hasNginx()) continue
    if ('varnish' in contestant && !hasVarnish()) continue
    const started = await enter(contestant, upstream)
    await verify(scenario, contestant, `http://127.0.0.1:${started.port}`)
    field.push({ contestant, started, results: [], cpu: [] })
  }
  for (let round = -1; round < rounds; round++) {
    for (const { started, results, cpu } of field) {
      const before = cpuSeconds(pidOf(started))
      const { request, variants: different = 1 } = scenario
      const result = await load.round({ port: started.port, request, variants: different, connections, seconds })
      const used = cpuSeconds(pidOf(started)) - before
      if (round < 0) continue // the first round only warms up
      results.push(result)
      cpu.push((used * 1e6) / result.answers)
    }
    process.stderr.write('.')
  }
  const scores = field.map(({ contestant, started, results, cpu }) => ({
    name: contestant.name,
    cpu: median(cpu),
    perSecond: median(results.map((result) => result.answers / result.seconds)),
    p50: median(results.map((result) => result.p50)),
    p99: median(results.map((result) => result.p99)),
    resident: residentMiB(pidOf(started)),
    faults: results.reduce((sum, result) => sum + result.faults, 0),
  }))
  for (const { started } of field) started.process.kill('SIGKILL')
  return scores
}

/** A benchmark of wrong answers is worth nothing: the good request must pass, the bad one must be refused. */
async function verify(scenario: Scenario, contestant: Contestant, url: string): Promise<void> {
  const checks: [string, number][] = [[scenario.request, 200]]
  const validates =
    'variant' in contestant
      ? contestant.variant !== 'plain'
      : 'script' in contestant && contestant.script === 'fastify-proxy'
  if (validates && scenario.invalid !== undefined) checks.push([scenario.invalid, 400])
  const caches = 'variant' in contestant && contestant.variant === 'cached'
  if (caches) checks.push([scenario.request, 200])
  for (const [index, [request, expected]] of checks.entries()) {
    const [head = '', body = ''] = request.replaceAll('{n}', '1').split('\r\n\r\n')
    const [line = '', ...fields] = head.split('\r\n')
    const [method = '', target = ''] = line.split(' ')
    const sent = fields.filter((field) => !/^(host|content-length):/i.test(field))
    const headers = sent.map((field) => field.split(': ') as [string, string])
    const response = await fetch(url + target, { method, headers, ...(body === '' ? {} : { body }) })
    const text = await response.text()
    if (response.status !== expected) {
      throw new Error(`${contestant.name}: ${method} ${target} was ${response.status}, not ${expected}: ${text}`)
    }
    const status = response.headers.get('cache-status') ?? ''
    if (caches && index === 1 && !/; hit\b/.test(status)) throw new Error(`not from the cache: ${status}`)
  }
}

function write(played: readonly Played[]): void {
  const docs = join(root, 'docs')
  const file = join(docs, 'performance.md')
  const how = `${rounds} rounds of ${values.seconds} seconds, ${connections} connections`
  const [, kept = '\n'] = readFileSync(file, 'utf8').split(byHand)
  writeFileSync(file, `${page(how, busy, played)}\n${byHand}${kept}`)
  for (const { scenario, scores } of played) {
    writeFileSync(join(docs, `performance-${scenario.id}.svg`), chart(scenario.title, scores))
  }
}
