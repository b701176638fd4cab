import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { hasRedis, RedisServer } from '../runtime/store/redis-server.test-support.ts'
import { compileService } from './support/compile-service.ts'
import { recordingUpstream } from './support/recording-upstream.ts'
import { send } from './support/send.ts'
import { startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

test.skipIf(!hasRedis)(
  `four processes and one store admit exactly the quota, also over a restart, and keep limits while the store is away${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  async () => {
    const folder = tempFolder('limits')
    const redis = await RedisServer.start()
    const upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
    const document = {
      openapi: '3.1.1',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: 'http://upstream.invalid' }],
      'x-proxy': {
        rateLimit: {
          hourly: {
            quota: 100,
            window: '1h',
            by: 'service',
            algorithm: 'fixed-window',
            store: 'main',
            onStoreError: 'closed',
          },
        },
      },
      paths: {
        '/orders': { get: { responses: { 200: { description: 'ok' } } } },
        '/local': {
          get: {
            responses: { 200: { description: 'ok' } },
            'x-proxy': { rateLimit: { hourly: { quota: 2, onStoreError: 'open' } } },
          },
        },
      },
      components: { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } },
    }
    writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
    const bundle = await compileService(folder.path, 'case.yaml')
    const start = () => startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url, REDIS_URL: redis.url })
    const services = await Promise.all([start(), start(), start(), start()])
    const ask = async (index: number, target = '/orders'): Promise<number> =>
      (await send(services[index % 4]!.url, { target })).status
    const count = (statuses: readonly number[], wanted: number): number =>
      statuses.filter((status) => status === wanted).length
    try {
      const first = await Promise.all(Array.from({ length: 80 }, (_, i) => ask(i)))
      expect(count(first, 200)).toBe(80)
      await services[0]!.stop()
      services[0] = await start()
      const second = await Promise.all(Array.from({ length: 120 }, (_, i) => ask(i)))
      expect([count(second, 200), count(second, 429)]).toEqual([20, 100])
      await redis.kill()
      expect(await ask(1)).toBe(503)
      const local = [await ask(1, '/local'), await ask(1, '/local'), await ask(1, '/local')]
      expect(local).toEqual([200, 200, 429])
    } finally {
      for (const service of services) await service.stop()
      await upstream.close()
      await redis.kill()
      folder.remove()
    }
  },
)
