import { writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { compileService } from '../support/compile-service.ts'
import { type RunningService, startService } from '../support/start-service.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { mixedUpstream } from './mixed-upstream.ts'
import { mebibytes, residentBytes, sample } from './observe.ts'
import { ask } from './visitor.ts'

// npm run test:overload [-- --seconds 60 --times 10]: ten times what an emitted service can do; see docs/deploying.md
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, times: { type: 'string', default: '10' } },
})
const [seconds, times] = [Number(values.seconds), Number(values.times)]
/** Clients that keep a service just busy: each sends its next request when the last is answered. */
const capacity = 64
/** Of accepted requests, in ms, at the 99th percentile. */
const mostWaiting = 10_000

const document = {
  openapi: '3.1.1',
  info: { title: 'Overload', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  'x-proxy': { server: { limits: { inFlight: 400 } } },
  paths: {
    '/small/{n}': {
      get: {
        operationId: 'small',
        parameters: [{ name: 'n', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { default: { description: 'anything' } },
        'x-proxy': { rateLimit: { high: { quota: 1_000_000_000, window: '1h', by: 'address' } } },
      },
    },
  },
}

interface Round {
  readonly accepted: number
  readonly shed: number
  readonly wrong: Map<string, number>
  readonly p50: number
  readonly p99: number
}

const folder = tempFolder('overload')
const upstream = await mixedUpstream()
writeFileSync(join(folder.path, 'overload.json'), JSON.stringify(document))
const service = await startService(await compileService(folder.path, 'overload.json'), {
  UPSTREAM_DEFAULT_URL: upstream.url,
})
const pid = service.process.pid!
const failures: string[] = []
const check = (isSo: boolean, what: string): void => {
  console.log(`${isSo ? 'ok  ' : 'FAIL'} ${what}`)
  if (!isSo) failures.push(what)
}
try {
  print('at capacity', await load(service, capacity, Math.max(3, seconds / 10)), Math.max(3, seconds / 10))
  const before = residentBytes(pid)
  let peak = 0
  let adminAnswers = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid))
    void fetch(`${service.adminUrl}/health/ready`).then(({ status }) => {
      if (status === 200) adminAnswers++
    })
  }, 1_000)
  const over = await load(service, capacity * times, seconds)
  clearInterval(watch)
  print(`${times} times as much`, over, seconds)
  check(
    over.wrong.size === 0,
    `every answer is right, or 503 with Retry-After ${JSON.stringify([...over.wrong].slice(0, 5))}`,
  )
  check(over.accepted > 0, 'requests are accepted')
  check(over.p99 < mostWaiting, `accepted requests wait no longer than ${mostWaiting} ms`)
  check(adminAnswers > 0, `health answered meanwhile (${adminAnswers} times in ${seconds} s)`)
  const after = await load(service, 4, 3)
  check(after.wrong.size === 0 && after.shed === 0, 'afterwards nothing is refused')
  let settled = residentBytes(pid)
  for (let i = 0; i < 60 && settled > Math.max(before * 1.5, before + 64 * 1024 * 1024); i++) {
    await sleep(500)
    await load(service, 2, 0.1)
    settled = residentBytes(pid)
  }
  const isBack = settled <= Math.max(before * 1.5, before + 64 * 1024 * 1024)
  check(isBack, `memory: ${mebibytes(before)} before, at most ${mebibytes(peak)}, ${mebibytes(settled)} afterwards`)
  const { inFlight } = await sample(service, 0)
  check(inFlight === 0, 'nothing is under way')
  check((await service.stop()) === 0, 'it ends as it should')
} finally {
  await service.stop()
  await upstream.close()
  folder.remove()
}
console.log(failures.length === 0 ? 'The overload is passed.' : `The overload has failed: ${failures.join('; ')}`)
process.exit(failures.length === 0 ? 0 : 1)

async function load({ url, log }: RunningService, clients: number, duration: number): Promise<Round> {
  const until = performance.now() + duration * 1_000
  const [waits, wrong] = [[] as number[], new Map<string, number>()]
  let shed = 0
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (performance.now() < until) {
      const target = `/small/${Math.floor(Math.random() * 1e6)}`
      const sent = performance.now()
      const { end, body } = await ask(url, agent, 'GET', target)
      if (end === 200 && body === target) waits.push(performance.now() - sent)
      else if (end === 503 && body.includes('service-unavailable')) shed++
      else wrong.set(`${end} ${body.slice(0, 100)}`, (wrong.get(`${end} ${body.slice(0, 100)}`) ?? 0) + 1)
    }
    agent.destroy()
  }
  await Promise.all(Array.from({ length: clients }, client))
  ;(log as unknown[]).length = 0
  waits.sort((a, b) => a - b)
  const share = (part: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? 0
  return { accepted: waits.length, shed, wrong, p50: share(0.5), p99: share(0.99) }
}

function print(what: string, { accepted, shed, p50, p99 }: Round, duration: number): void {
  console.log(
    `${what}: ${Math.round(accepted / duration)} answered a second, ${Math.round(shed / duration)} refused; ` +
      `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  )
}
