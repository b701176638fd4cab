import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasRedis, RedisServer } from '../runtime/store/redis-server.test-support.ts'
import { compileService } from './support/compile-service.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const responses = { 200: { description: 'ok' } }
const parameters = [{ name: 'orderId', in: 'path', required: true, schema: { type: 'string' } }]
const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  'x-proxy': { cache: { ttl: '1m', store: 'main' }, server: { admin: { purge: true } } },
  paths: {
    '/orders/{orderId}': {
      parameters,
      get: { operationId: 'getOrder', responses, 'x-proxy': { cache: { tags: ['order:{path.orderId}'] } } },
      put: { operationId: 'putOrder', responses },
    },
  },
  components: { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } },
}

/** Several processes of one service behind one name, one Redis, an upstream that knows the truth. */
describe.skipIf(!hasRedis)('with redis-server', () => {
  const folder = tempFolder('cache-shared')
  const version = new Map<string, number>()
  let redis: RedisServer
  let upstream: RecordingUpstream
  let services: RunningService[] = []

  beforeAll(async () => {
    redis = await RedisServer.start()
    upstream = await recordingUpstream(({ method, target }) => {
      const now = (version.get(target) ?? 0) + (method === 'PUT' ? 1 : 0)
      version.set(target, now)
      return { status: 200, headers: { 'content-type': 'application/json' }, body: String(now) }
    })
    writeFileSync(join(folder.path, 'shared.json'), JSON.stringify(document))
    const bundle = await compileService(folder.path, 'shared.json')
    const env = { UPSTREAM_DEFAULT_URL: upstream.url, REDIS_URL: redis.url }
    services = await Promise.all([1, 2, 3].map(() => startService(bundle, env)))
    await sleep(200)
  }, 60_000)

  afterAll(async () => {
    redis?.thaw()
    await Promise.all(services.map((service) => service.stop()))
    await upstream?.close()
    await redis?.kill()
    folder.remove()
  })

  /** Asked of the instance of that number, as clients ask one name. */
  async function ask(instance: number, target: string, method = 'GET') {
    const response = await fetch(services[instance]!.url + target, { method, headers: { host: 'api.example' } })
    return { status: response.status, body: await response.text(), cache: response.headers.get('cache-status') ?? '' }
  }

  // fetch() sets Host itself: instances on different ports would be different origins.
  vi.stubGlobal('fetch', async (address: string, init: { method?: string; headers?: Record<string, string> } = {}) => {
    const { request } = await import('node:http')
    return new Promise((resolve, fail) => {
      const sent = request(address, { ...init, agent: false }, (received) => {
        const chunks: Buffer[] = []
        received.on('data', (chunk: Buffer) => chunks.push(chunk))
        received.on('end', () => {
          resolve({
            status: received.statusCode,
            text: async () => Buffer.concat(chunks).toString(),
            headers: new Headers({ 'cache-status': String(received.headers['cache-status'] ?? '') }),
          })
        })
      })
      sent.on('error', fail)
      sent.end()
    })
  })

  async function metric(instance: number, line: RegExp): Promise<number> {
    const page = await (await fetch(`${services[instance]!.adminUrl}/metrics`)).text()
    return Number(line.exec(page)?.[1] ?? 0)
  }

  test('one asks the upstream, all answer; one changes it, all notice', async () => {
    expect((await ask(0, '/orders/1')).cache).toContain('stored')
    await sleep(50)
    for (const instance of [1, 2]) expect((await ask(instance, '/orders/1')).cache).toContain('detail=shared')
    await ask(2, '/orders/1', 'PUT')
    await sleep(50)
    for (const instance of [0, 1, 2]) expect((await ask(instance, '/orders/1')).body).toBe('1')
  })

  test('a new instance starts with what the others have', async () => {
    await ask(0, '/orders/2')
    await sleep(50)
    const asked = upstream.take().length
    expect(asked).toBeGreaterThan(0)
    expect((await ask(1, '/orders/2')).cache).toContain('hit')
    expect(upstream.take()).toEqual([])
  })

  test('killed and restarted under load: every answer comes, none is older than a change before it', async () => {
    let isOver = false
    const answers: { status: number; ms: number; isOld: boolean }[] = []
    // What was confirmed to a client before a request was made must be seen by it, save for the time a message takes.
    const confirmed = new Map<string, { version: number; at: number }[]>()
    const least = (target: string, at: number): number =>
      Math.max(0, ...(confirmed.get(target) ?? []).filter((one) => one.at < at - 1000).map((one) => one.version))
    const reader = async (seed: number): Promise<void> => {
      for (let i = seed; !isOver; i++) {
        const target = `/orders/load-${i % 7}`
        const at = performance.now()
        const expected = least(target, at)
        const { status, body } = await ask(i % 3, target)
        answers.push({ status, ms: performance.now() - at, isOld: Number(body) < expected })
      }
    }
    const writer = async (): Promise<void> => {
      for (let i = 0; !isOver; i++) {
        const target = `/orders/load-${i % 7}`
        const { status, body } = await ask((i * 2) % 3, target, 'PUT')
        answers.push({ status, ms: 0, isOld: false })
        confirmed.set(target, [...(confirmed.get(target) ?? []), { version: Number(body), at: performance.now() }])
        await sleep(40)
      }
    }
    const load = [reader(0), reader(1), reader(2), reader(3), writer()]
    await sleep(1000)
    await redis.kill()
    await sleep(1500)
    await redis.up()
    await sleep(3000)
    redis.freeze()
    await sleep(1500)
    redis.thaw()
    await sleep(3000)
    isOver = true
    await Promise.all(load)
    const failed = answers.filter(({ status }) => status !== 200)
    const old = answers.filter(({ isOld }) => isOld)
    const slow = answers.filter(({ ms }) => ms > 10_000)
    console.log(`${answers.length} answers, ${failed.length} failed, ${old.length} too old, ${slow.length} over 10 s`)
    expect([failed, old, slow]).toEqual([[], [], []])
    upstream.take()
    await ask(0, '/orders/after')
    await sleep(100)
    expect((await ask(1, '/orders/after')).cache).toContain('hit')
    expect(await metric(0, /^specgate_cache_store_errors_total (\d+)/m)).toBeGreaterThan(0)
    const told = services[0]!.log.map(({ msg }) => String(msg)).filter((text) => text.startsWith('store main'))
    expect(told.length).toBeLessThanOrEqual(4)
    expect(told[0]).toContain('the connection is lost')
  }, 60_000)
})
