import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { createKey, listKeys, revokeKey } from '../generator/keys/edit-keys.ts'
import type { KeysPlace } from '../generator/keys/keys-place.ts'
import { keysStore } from '../generator/keys/keys-store.ts'
import { addPassword, importKeys, rotateKey } from '../generator/keys/other-keys.ts'
import { hasRedis, RedisServer } from '../runtime/store/redis-server.test-support.ts'
import { compileService } from './support/compile-service.ts'
import { recordingUpstream } from './support/recording-upstream.ts'
import { send } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const name = hasRedis ? '' : ' (skipped: no redis-server)'
const folder = tempFolder('consumers')
let bundle: string

const responses = { 200: { description: 'ok' } }
const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  paths: {
    '/orders': { get: { security: [{ key: [] }, { user: [] }], responses } },
    '/own': { get: { security: [{ own: ['ops'] }], responses } },
  },
  components: {
    'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } },
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': { apiKey: { consumers: 'main' } } },
      user: { type: 'http', scheme: 'basic', 'x-proxy': { basic: { consumers: 'main' } } },
      own: { type: 'apiKey', in: 'header', name: 'X-Own', 'x-proxy': { apiKey: { consumers: '${env:OWN_KEYS}' } } },
    },
  },
}
const ownKeys = JSON.stringify({
  consumers: { ops: { roles: ['ops'], keys: [{ sha256: createHash('sha256').update('own-key').digest('hex') }] } },
})

beforeAll(async () => {
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  bundle = await compileService(folder.path, 'case.yaml')
})
afterAll(() => folder.remove())

test.skipIf(!hasRedis)(`every instance knows of a change of keys, also over outages of the store${name}`, async () => {
  const redis = await RedisServer.start()
  await redis.kill()
  const upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
  const env = { UPSTREAM_DEFAULT_URL: upstream.url, REDIS_URL: redis.url, OWN_KEYS: ownKeys }
  const services: RunningService[] = []
  const ask = (header: string, value: string, target = '/orders'): Promise<number[]> =>
    Promise.all(services.map(async ({ url }) => (await send(url, { target, headers: { [header]: value } })).status))
  const soon = (header: string, value: string, expected: number): Promise<void> =>
    expect.poll(() => ask(header, value), { timeout: 15_000, interval: 50 }).toEqual([expected, expected])
  let place: KeysPlace | undefined
  try {
    services.push(...(await Promise.all([startService(bundle, env), startService(bundle, env)])))
    // Nobody can tell yet whose key it is; what does not depend on the store works.
    expect(await ask('X-Key', 'some-key')).toEqual([503, 503])
    expect(await ask('X-Own', 'own-key', '/own')).toEqual([200, 200])
    expect(await ask('X-Own', 'other-key', '/own')).toEqual([401, 401])

    await redis.up()
    place = keysStore(redis.url, 'case')
    await soon('X-Key', 'some-key', 401)
    const first = await createKey({ place, consumer: 'acme', roles: ['partner'], plan: 'gold' })
    await soon('X-Key', first.key, 200)
    const { password } = await addPassword(place, 'ada')
    await soon('Authorization', `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`, 200)

    const second = await rotateKey(place, first.id, '1h')
    await soon('X-Key', second.key, 200)
    expect(await ask('X-Key', first.key)).toEqual([200, 200])
    await revokeKey(place, first.id)
    await soon('X-Key', first.key, 401)
    expect(await ask('X-Key', second.key)).toEqual([200, 200])
    expect((await listKeys(place)).map(({ consumer, id }) => [consumer, id])).toEqual([
      ['acme', second.id],
      ['ada', expect.stringMatching(/^pw_/)],
    ])

    place.close()
    await redis.kill()
    expect(await ask('X-Key', second.key)).toEqual([200, 200])
    expect(await ask('X-Key', first.key)).toEqual([401, 401])

    // It comes back without its memory: that says nothing of who may call, until somebody writes anew.
    await redis.up()
    await expect
      .poll(() => services.filter(({ log }) => log.some(({ msg }) => String(msg).includes('are lost'))).length, {
        timeout: 15_000,
      })
      .toBe(2)
    expect(await ask('X-Key', second.key)).toEqual([200, 200])
    place = keysStore(redis.url, 'case')
    await importKeys(place, ['beta a-key-of-another-making'])
    await soon('X-Key', 'a-key-of-another-making', 200)
    expect(await ask('X-Key', second.key)).toEqual([401, 401])
    const nowhere = keysStore('redis://127.0.0.1:9', 'case')
    await expect(listKeys(nowhere)).rejects.toThrow('The store cannot be used: ECONNREFUSED.')
    expect(() => keysStore('http://127.0.0.1', 'case')).toThrow('must look like redis://')
    expect(JSON.stringify(services.map(({ log }) => log))).not.toMatch(/sg_live_\w{10}|a-key-of|redis:\/\//)
  } finally {
    place?.close()
    for (const service of services) await service.stop()
    await upstream.close()
    await redis.kill()
  }
})

test('consumers of a setting that cannot be read keep the service from starting, without being shown', async () => {
  const env = { UPSTREAM_DEFAULT_URL: 'http://127.0.0.1:9', REDIS_URL: 'redis://127.0.0.1:9' }
  await expect(startService(bundle, env)).rejects.toThrow('OWN_KEYS is not set')
  await expect(startService(bundle, { ...env, OWN_KEYS: '{ consumers: { a: { keyz: [] } } }' })).rejects.toThrow(
    'consumers of own: 1:27: "keyz" is not known here',
  )
})
