import { afterEach, expect, it } from 'vitest'
import { type FaultUpstream, faultUpstream, type RawRequest, wholeAnswer } from '../../test/support/fault-upstream.ts'
import { exchangeRaw } from '../../test/support/raw-client.ts'
import { runService, type TestService } from '../../test/support/running-service.ts'
import { type HealthCheckOptions, healthCheck } from './health-check.ts'

const upstreams: FaultUpstream[] = []
let service: TestService
afterEach(async () => {
  service.stop()
  await Promise.all(upstreams.splice(0).map((one) => one.close()))
})

const options: HealthCheckOptions = {
  path: '/healthz',
  interval: 20,
  timeout: 5_000,
  healthy: 2,
  unhealthy: 3,
  expect: [[200, 399]],
}

/** An upstream that calls itself by a name, and whose health is what `health` says. */
async function target(name: string, health: (request: RawRequest) => void): Promise<FaultUpstream> {
  const made = await faultUpstream((request) => {
    if (request.target === '/healthz') health(request)
    else request.socket.write(wholeAnswer(name))
  })
  upstreams.push(made)
  return made
}
const says = (status: string) => (request: RawRequest) => void request.socket.write(wholeAnswer('', status))
const well = says('200 OK')
const get = () => exchangeRaw(service.url, 'GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 400; i++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('never')
}
const onlyBy = async (name: string): Promise<boolean> => {
  const answers = await Promise.all(Array.from({ length: 6 }, get))
  return answers.every((answer) => answer.endsWith(name))
}

async function serving(some: readonly FaultUpstream[], more: Partial<HealthCheckOptions> = {}): Promise<void> {
  const targets = Object.fromEntries(some.map(({ url }, index) => [`t${index}`, { url: `${url}/base` }]))
  service = await runService('', {
    upstream: { targets, healthCheck: healthCheck({ ...options, ...more }) },
  })
}

it('takes a target out whose answers are bad, and back when they are good again', async () => {
  let health = says('503 Service Unavailable')
  await serving([await target('one', (request) => health(request)), await target('two', well)])
  await until(() => onlyBy('two'))
  const numbers = await (await fetch(`${service.adminUrl}/metrics`)).text()
  expect(numbers).toMatch(/specgate_target_healthy\{upstream="default",target="t0"\} 0/)
  health = well
  await until(async () => (await Promise.all([get(), get(), get(), get()])).some((answer) => answer.endsWith('one')))
})

it('takes a target out that breaks off, or does not answer in time', async () => {
  const silent = await target('silent', () => {})
  const broken = await target('broken', ({ socket }) => socket.destroy())
  await serving([silent, broken, await target('fine', well)], { timeout: 30 })
  await until(() => onlyBy('fine'))
})

it('answers 503 with Retry-After where no target is well, a single one included', async () => {
  await serving([await target('one', says('500 Oops'))])
  await until(async () => /^HTTP\/1\.1 503 .*Retry-After: \d/s.test(await get()))
})

it('asks the host for the path itself, and minds a few bad answers as little as it should', async () => {
  let count = 0
  const one = await target('one', (request) => (++count % 3 === 0 ? well(request) : says('500 Oops')(request)))
  await serving([one])
  await until(async () => count > 12)
  expect(await get()).toMatch(/one$/)
  expect(new Set(one.requests.map((request) => request.target))).toEqual(new Set(['/healthz', '/base/x']))
})
