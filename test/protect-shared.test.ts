import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCommand } from '../generator/commands/run-command.ts'
import { hasRedis, RedisServer } from '../runtime/store/redis-server.test-support.ts'
import { compileService } from './support/compile-service.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { send } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const rule = { count: 6, window: '1h', for: '1h' }
const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  'x-proxy': {
    server: { trustedProxies: ['127.0.0.1'] },
    protect: { suspendAfter: { 'not-found': rule, enumeration: rule }, store: 'main' },
  },
  paths: {
    '/orders/{orderId}': {
      parameters: [{ name: 'orderId', in: 'path', required: true, schema: { type: 'string' } }],
      get: { responses: { 200: { description: 'ok' } } },
    },
  },
  components: { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } },
}
const patient = { timeout: 15_000, interval: 30 }

/** Two instances and one Redis: what one sees the other knows. */
describe.skipIf(!hasRedis)(`suspensions of several instances${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  const folder = tempFolder('protect-shared')
  let redis: RedisServer
  let upstream: RecordingUpstream
  let bundle: string
  let env: Record<string, string>
  let services: RunningService[] = []

  beforeAll(async () => {
    redis = await RedisServer.start()
    upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
    writeFileSync(join(folder.path, 'guarded.json'), JSON.stringify(document))
    bundle = await compileService(folder.path, 'guarded.json')
    env = { UPSTREAM_DEFAULT_URL: upstream.url, REDIS_URL: redis.url }
    services = await Promise.all([1, 2].map(() => startService(bundle, env)))
  }, 60_000)

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()))
    await upstream?.close()
    await redis?.kill()
    folder.remove()
  })

  const ask = async (instance: number, target: string, address: string): Promise<number> =>
    (await send(services[instance]!.url, { target, headers: { 'X-Forwarded-For': address } })).status
  const blocks = async (instance: number): Promise<{ subject: string; signal: string; times: number }[]> =>
    ((await (await fetch(`${services[instance]!.adminUrl}/blocks`)).json()) as { blocks: never[] }).blocks
  /** What a command of the package prints. */
  const command = async (...args: string[]): Promise<[number, string]> => {
    const said: string[] = []
    const spies = (['log', 'error'] as const).map((kind) =>
      vi.spyOn(console, kind).mockImplementation((line: string) => void said.push(line)),
    )
    const status = await runCommand(['blocks', ...args])
    for (const spy of spies) spy.mockRestore()
    return [status, said.join('\n')]
  }

  test('signals of both count together; both turn the address away, also after a restart, until it is lifted', async () => {
    for (let i = 0; i < 6; i++) expect(await ask(i % 2, '/nowhere', '192.0.2.1')).toBe(404)
    // A store that was slow for a moment has not heard of each; alone neither has seen enough.
    let more = 2
    for (const instance of [0, 1]) {
      await vi.waitFor(async () => {
        if ((await ask(instance, '/orders/1', '192.0.2.1')) === 429) return
        if (more-- > 0) await ask(instance, '/nowhere', '192.0.2.1')
        throw new Error('not suspended yet')
      }, patient)
      expect(await ask(instance, '/orders/1', '192.0.2.2')).toBe(200)
    }
    const said = services.flatMap(({ log }) => log.filter(({ msg }) => msg === 'suspended'))
    expect(said).toMatchObject([{ subject: 'address 192.0.2.1', signal: 'not-found', times: 1 }])
    // The store's clock and this one's may differ a little.
    expect(Math.abs(Number(said[0]!['seconds']) - 3600)).toBeLessThan(30)
    await services[1]!.stop()
    services[1] = await startService(bundle, env)
    expect(await ask(1, '/orders/1', '192.0.2.1')).toBe(429)
    expect(await blocks(1)).toMatchObject([{ subject: 'address 192.0.2.1', signal: 'not-found', times: 1 }])

    const admin = ['--admin', services[0]!.adminUrl]
    expect(await command('list', ...admin)).toEqual([
      0,
      expect.stringMatching(/^address 192\.0\.2\.1 {2}not-found, once, until \d{4}-\S+Z \(3\d\d\d s\)$/),
    ])
    expect(await command('lift', ...admin, '--consumer', 'acme')).toEqual([1, 'consumer acme was not suspended.'])
    expect(await command('lift', ...admin)).toEqual([2, expect.anything()])
    expect(await command('lift', ...admin, '--address', '192.0.2.1')).toEqual([0, '1 suspension lifted.'])
    expect(await command('list', ...admin)).toEqual([0, 'Nobody is suspended.'])
    for (const instance of [0, 1]) {
      await vi.waitFor(async () => expect(await ask(instance, '/orders/1', '192.0.2.1')).toBe(200), patient)
    }
  })

  test('values of a path parameter count together, each once', async () => {
    for (let i = 0; i < 20; i++) expect(await ask(i % 2, `/orders/${i % 5}`, '192.0.2.3')).toBe(200)
    let asked = 5
    for (const instance of [0, 1]) {
      const next = (): Promise<number> => ask(instance, `/orders/${asked++ % 6}`, '192.0.2.3')
      await vi.waitFor(async () => expect(await next()).toBe(429), patient)
    }
    expect(await blocks(0)).toContainEqual(
      expect.objectContaining({ subject: 'address 192.0.2.3', signal: 'enumeration' }),
    )
  })

  test('while the store is away each counts for itself', async () => {
    await redis.kill()
    for (let i = 0; i < 6; i++) await ask(0, '/nowhere', '192.0.2.4')
    await vi.waitFor(async () => expect(await ask(0, '/orders/1', '192.0.2.4')).toBe(429), patient)
    expect(await ask(1, '/orders/1', '192.0.2.4')).toBe(200)
    // Those of before are still known.
    expect(await ask(1, '/orders/1', '192.0.2.3')).toBe(429)
    await redis.up()
  })
})
