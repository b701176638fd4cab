import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { Case, CaseExchange, UpstreamRule } from './case.ts'
import { type CaseCertificates, makeCertificates } from './case-certificates.ts'
import { differences, matches, shown } from './compare.ts'
import { compileService } from './compile-service.ts'
import { judgeAnswer, judgeArrivals } from './judge-exchange.ts'
import { PublishedContract } from './published-contract.ts'
import {
  type RecordedRequest,
  type RecordingUpstream,
  recordingUpstream,
  type UpstreamAnswer,
} from './recording-upstream.ts'
import { repository } from './repository.ts'
import { type Received, type Sent, send } from './send.ts'
import { type RunningService, startService } from './start-service.ts'
import { tempFolder } from './temp-folder.ts'

/** Compiles the document, runs the service in front of a recording upstream, sends every exchange and compares. */
export async function runCase(given: Case): Promise<void> {
  const folder = tempFolder('case')
  const answer = ruleBook(given.upstream)
  const said: UpstreamAnswer[] = []
  const upstream = await recordingUpstream((request) => {
    const one = answer(request)
    said.push(one)
    return one
  })
  let service: RunningService | undefined
  try {
    const document = writeDocument(folder.path, given)
    writeFiles(folder.path, given.files)
    const certificates = await makeCertificates(given.certificates ?? {})
    writeFiles(folder.path, certificates.files)
    const bundle = await compileService(folder.path, document, given.lenient)
    service = await startService(bundle, environment(given, upstream.url))
    const contract = given.contract === undefined ? new PublishedContract(bundle) : undefined
    const judge = (sent: Sent, received: Received): string[] => contract?.judge(sent, received, said) ?? []
    const running = { service, upstream, certificates, judge }
    for (const [index, exchange] of given.exchanges.entries()) {
      writeFiles(folder.path, exchange.write)
      const faults = await runExchange(exchange, running)
      if (faults.length > 0) throw new Error(failure(given, index, exchange, faults))
    }
  } finally {
    await service?.stop()
    await upstream.close()
    folder.remove()
  }
}

/** What a case is run with. */
interface Running {
  readonly service: RunningService
  readonly upstream: RecordingUpstream
  readonly certificates: CaseCertificates
  /** What an answer has that the public contract does not say. */
  judge(sent: Sent, received: Received): string[]
}

async function runExchange(exchange: CaseExchange, running: Running): Promise<string[]> {
  const { wait, within = 0 } = exchange
  if (wait !== undefined) await sleep(wait)
  const last = performance.now() + within
  let faults = await tryExchange(exchange, running)
  while (faults.length > 0 && performance.now() < last) {
    await sleep(50)
    faults = await tryExchange(exchange, running)
  }
  return faults
}

async function tryExchange(exchange: CaseExchange, running: Running): Promise<string[]> {
  const { service, upstream, certificates, judge } = running
  const { expect, repeat = 1, atOnce = 1 } = exchange
  upstream.take()
  const logged = service.log.length
  const sent = { ...toSend(exchange), ...certificates.shownBy(exchange.request.certificate) }
  const faults: string[] = []
  for (let round = 0; round < repeat; round++) {
    const answers = await Promise.all(Array.from({ length: atOnce }, () => send(service.url, sent)))
    for (const received of answers) faults.push(...judgeAnswer(received, expect), ...judge(sent, received))
    if (faults.length > 0) return faults
  }
  faults.push(...judgeArrivals(upstream.take(), expect.upstream))
  if (expect.log !== undefined) faults.push(...(await judgeLog(service, logged, expect.log)))
  if (expect.metrics !== undefined) faults.push(...(await judgeMetrics(service, expect.metrics)))
  return faults
}

/** Attempts, 25 ms apart. */
const patience = 400

/** The log is written after the answer: it gets a moment to arrive. */
async function judgeLog(service: RunningService, from: number, expected: unknown): Promise<string[]> {
  for (let attempt = 0; attempt < patience; attempt++) {
    if (service.log.slice(from).some((entry) => differences(entry, expected).length === 0)) return []
    await sleep(25)
  }
  return [`log: no line fits ${shown(expected)}; there were ${shown(service.log.slice(from))}`]
}

/** So are the counters: a page that does not fit yet is asked for again. */
async function judgeMetrics(service: RunningService, expected: readonly string[]): Promise<string[]> {
  let faults = await missingLines(service, expected)
  for (let attempt = 0; faults.length > 0 && attempt < patience; attempt++) {
    await sleep(25)
    faults = await missingLines(service, expected)
  }
  return faults
}

async function missingLines(service: RunningService, expected: readonly string[]): Promise<string[]> {
  const page = await send(service.adminUrl, { target: '/metrics' })
  const lines = page.body.toString('utf8').split('\n')
  return expected
    .filter((wanted) => !lines.some((text) => matches(text, wanted)))
    .map(
      (wanted) =>
        `metrics: no line fits ${wanted}; there were\n${lines.filter((text) => /^(specgate|http)_/.test(text) && !text.includes('_bucket')).join('\n')}`,
    )
}

function toSend(exchange: CaseExchange): Sent {
  const { method, target, headers = {}, body } = exchange.request
  const isJson = typeof body === 'object' && body !== null
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return {
    method: method ?? 'GET',
    target,
    headers: isJson && !named ? { ...headers, 'Content-Type': 'application/json' } : headers,
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : String(body) }),
  }
}

const plain: UpstreamAnswer = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{}' }

function ruleBook(rules: readonly UpstreamRule[] = []): (request: RecordedRequest) => UpstreamAnswer {
  const used = new Map<UpstreamRule, number>()
  return (request) => {
    for (const rule of rules) {
      const { method, path, target } = rule.match ?? {}
      if (method !== undefined && method !== request.method) continue
      if (path !== undefined && path !== request.target.split('?')[0]) continue
      if (target !== undefined && target !== request.target) continue
      const count = used.get(rule) ?? 0
      if (count >= (rule.times ?? Number.POSITIVE_INFINITY)) continue
      used.set(rule, count + 1)
      return { ...plain, ...rule }
    }
    return plain
  }
}

function writeDocument(folder: string, given: Case): string {
  if (given.specFile !== undefined) {
    const name = basename(given.specFile)
    writeFileSync(join(folder, name), readFileSync(join(repository, given.specFile)))
    return name
  }
  writeFileSync(join(folder, 'case.yaml'), stringify(given.spec, { aliasDuplicateObjects: false }))
  return 'case.yaml'
}

function writeFiles(folder: string, files: Readonly<Record<string, unknown>> = {}): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
}

/** The default upstream is the recorder; `{upstream}` in a variable stands for its address. */
function environment(given: Case, upstream: string): Record<string, string> {
  const env: Record<string, string> = { UPSTREAM_DEFAULT_URL: upstream }
  for (const [name, value] of Object.entries(given.env ?? {}))
    env[name] = String(value).replaceAll('{upstream}', upstream)
  return env
}

function failure(given: Case, index: number, exchange: CaseExchange, faults: readonly string[]): string {
  const { method = 'GET', target } = exchange.request
  return `${given.promise}\n  exchange ${index + 1}: ${method} ${target}\n${faults.map((fault) => `  - ${fault}`).join('\n')}`
}
