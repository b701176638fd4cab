import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasRedis, RedisServer } from '../runtime/store/redis-server.test-support.ts'
import { compileService } from './support/compile-service.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const responses = { 200: { description: 'ok' } }
const limited = (limits: object) => ({ get: { responses, 'x-proxy': limits } })
const hourly = { window: '1h', by: 'service', store: 'main', onStoreError: 'closed' }
const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  paths: {
    '/fixed': limited({ rateLimit: { all: { ...hourly, quota: 500, algorithm: 'fixed-window' } } }),
    '/sliding': limited({ rateLimit: { all: { ...hourly, quota: 500, algorithm: 'sliding-window' } } }),
    '/moving': limited({ rateLimit: { all: { ...hourly, quota: 100, window: '1s' } } }),
    '/restart': limited({ quota: { all: { quota: 100, window: 'month', by: 'service', store: 'main' } } }),
    '/killed': limited({ quota: { all: { quota: 300, window: 'month', by: 'service', store: 'main' } } }),
    '/alone': limited({ rateLimit: { all: { ...hourly, quota: 5, onStoreError: 'open' } } }),
  },
  components: { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } },
}

interface Outcome {
  readonly admitted: number
  readonly refused: number
  /** The store did not answer in time: refused (503), and counted there or not. */
  readonly lost: number
}

describe.skipIf(!hasRedis)(`four processes and one store${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  const folder = tempFolder('limits')
  let redis: RedisServer
  let upstream: RecordingUpstream
  let start: () => Promise<RunningService>
  let services: RunningService[] = []

  beforeAll(async () => {
    redis = await RedisServer.start(folder.path)
    upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
    writeFileSync(join(folder.path, 'limits.json'), JSON.stringify(document))
    const bundle = await compileService(folder.path, 'limits.json')
    start = () => startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url, REDIS_URL: redis.url }, 30_000)
    services = await Promise.all([start(), start(), start(), start()])
  }, 60_000)

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()))
    await upstream?.close()
    await redis?.kill()
    folder.remove()
  })

  const ask = async (index: number, path: string): Promise<number> => {
    const response = await fetch(services[index % 4]!.url + path)
    await response.arrayBuffer()
    return response.status
  }

  /** So many requests over all processes, `width` at a time. */
  async function load(
    path: string,
    count: number,
    width = 32,
    onAnswer?: (answered: number) => void,
  ): Promise<Outcome> {
    const statuses: number[] = []
    let next = 0
    const client = async (): Promise<void> => {
      while (next < count) {
        statuses.push(await ask(next++, path))
        onAnswer?.(statuses.length)
      }
    }
    await Promise.all(Array.from({ length: width }, client))
    const of = (wanted: number): number => statuses.filter((status) => status === wanted).length
    const outcome = { admitted: of(200), refused: of(429), lost: of(503) }
    expect(outcome.admitted + outcome.refused + outcome.lost).toBe(count)
    return outcome
  }

  /** Exactly the quota, but for what was counted while nobody waited for the answer any more. */
  const expectExactly = (quota: number, { admitted, lost }: Outcome): void => {
    expect(admitted).toBeLessThanOrEqual(quota)
    expect(admitted + lost).toBeGreaterThanOrEqual(quota)
  }

  test('under load admit exactly the quota of a fixed window, and of a sliding one', async () => {
    for (const path of ['/fixed', '/sliding']) expectExactly(500, await load(path, 1500))
  })

  test('in a sliding window never more than the quota, however long they run', async () => {
    const began = performance.now()
    const { admitted } = await load('/moving', 1500)
    const windows = (performance.now() - began) / 1000
    expect(admitted).toBeLessThanOrEqual(100 * (Math.floor(windows) + 1))
  })

  test('count on where they were after a restart of the service', async () => {
    const first = await load('/restart', 60)
    await services[0]!.stop()
    services[0] = await start()
    const second = await load('/restart', 90)
    expectExactly(100, { ...second, admitted: first.admitted + second.admitted, lost: first.lost + second.lost })
  })

  test('keep a quota over a store that is killed in the middle and started again', async () => {
    let killed: Promise<void> | undefined
    const before = await load('/killed', 400, 16, (answered) => {
      if (answered === 150) killed = redis.kill()
    })
    await killed
    expect(before.lost).toBeGreaterThan(0)
    expect(await ask(1, '/killed')).toBe(503)
    // Each process has a limit of its own meanwhile, where the author wants it so.
    const alone = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i, '/alone')))
    expect([alone.filter((one) => one === 200).length, alone.filter((one) => one === 429).length]).toEqual([20, 20])
    await redis.up()
    for (let index = 0; index < 4; index++) {
      await vi.waitFor(async () => expect(await ask(index, '/fixed')).toBe(429), { timeout: 15_000, interval: 50 })
    }
    const after = await load('/killed', 400)
    const admitted = before.admitted + after.admitted
    expectExactly(300, { admitted, refused: 0, lost: before.lost + after.lost })
    expect(after.refused).toBeGreaterThan(0)
  }, 60_000)
})
