import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hasRedis, RedisServer } from '../../store/redis-server.test-support.ts'
import { type RedisStore, redisStore } from '../../store/redis-store.ts'
import { CacheStore } from './cache-store.ts'
import { operationMark, tagMark } from './marks.ts'
import { RedisTier } from './redis-tier.ts'
import { type Rig, rig } from './rig.test-support.ts'
import type { CachingOptions } from './settings.ts'

/** Milliseconds in which a message of one instance reaches another, also on a machine that has much else to do. */
const settle = 150

const open: { server?: RedisServer; stores: RedisStore[] } = { stores: [] }

afterEach(async () => {
  for (const store of open.stores.splice(0)) store.close()
  open.server?.thaw()
  await open.server?.kill()
  delete open.server
})

/** Instances of one service, each with a memory of its own, in front of one store. */
async function instances(count: number, options: Partial<CachingOptions> = {}): Promise<[RedisServer, ...Rig[]]> {
  const server = (open.server = await RedisServer.start())
  const made: Rig[] = []
  for (let i = 0; i < count; i++) {
    const store = redisStore({ name: 'main', service: 'test', url: server.url, notice: () => {} })
    open.stores.push(store)
    await store.start()
    made.push(rig({ ...options, store: new CacheStore(1 << 20, Date.now, (memory) => new RedisTier(store, memory)) }))
  }
  await sleep(settle)
  return [server, ...made]
}

const statusOf = async (it: Rig, asking: Parameters<Rig['ask']>[0] = {}): Promise<string> =>
  (await it.ask(asking)).field('Cache-Status') ?? ''

describe.skipIf(!hasRedis)('with redis-server', () => {
  test('what one instance has stored another gives', async () => {
    const [, one, other] = await instances(2)
    one!.upstream = () => ({ headers: ['Cache-Control', 'max-age=60', 'ETag', '"1"', 'X-Y', 'z'], body: 'whole' })
    expect(await statusOf(one!)).toContain('stored')
    await sleep(settle)
    const got = await other!.ask()
    expect([got.body, got.field('X-Y'), got.field('Cache-Status')]).toEqual([
      'whole',
      'z',
      expect.stringMatching(/hit; ttl=\d+; detail=shared/),
    ])
    expect(await statusOf(other!)).toMatch(/hit; ttl=\d+$/)
    expect(other!.arrived).toEqual([])
    // HEAD and only-if-cached look there as well.
    const [, third] = [one, other]
    expect(await statusOf(third!, { method: 'HEAD' })).toContain('hit')
  })

  test('variants and consumers stay apart', async () => {
    const [, one, other] = await instances(2)
    one!.upstream = ({ headers }) => ({
      headers: ['Cache-Control', 'max-age=60', 'Vary', 'Accept-Language'],
      body: headers[headers.indexOf('Accept-Language') + 1]!,
    })
    for (const language of ['de', 'fr']) await one!.ask({ headers: ['Accept-Language', language] })
    await sleep(settle)
    for (const language of ['fr', 'de'])
      expect((await other!.ask({ headers: ['Accept-Language', language] })).body).toBe(language)
    expect(other!.arrived).toEqual([])
    one!.upstream = ({ consumer }) => ({ body: consumer!.id })
    await one!.ask({ path: '/mine', consumer: 'anna' })
    await sleep(settle)
    other!.upstream = ({ consumer }) => ({ body: consumer!.id })
    expect((await other!.ask({ path: '/mine', consumer: 'anna' })).body).toBe('anna')
    expect(other!.arrived).toHaveLength(0)
    expect((await other!.ask({ path: '/mine', consumer: 'bob' })).body).toBe('bob')
    expect(other!.arrived).toHaveLength(1)
  })

  test.each<[string, (it: Rig) => unknown]>([
    ['a path', (it) => it.store.invalidate(false, 'api.example', '/a')],
    ['an operation', (it) => it.store.changed([operationMark('a')])],
    ['a tag', (it) => it.store.changed([tagMark('order:7')])],
    ['all', (it) => it.store.changed(['*'])],
    ['a path of any host', (it) => it.store.changed(['p /a'])],
  ])('%s taken back by one is gone for all, in memory and in the store', async (_, takeBack) => {
    const [, one, other, third] = await instances(3, { tags: [['order:', { query: 'id' }]] })
    await one!.ask({ query: 'id=7' })
    await sleep(settle)
    expect(await statusOf(other!, { query: 'id=7' })).toContain('hit')
    await takeBack(one!)
    await sleep(settle)
    for (const it of [other!, third!]) {
      expect(await statusOf(it, { query: 'id=7' })).not.toContain('fwd=hit')
    }
    expect(other!.arrived.length + third!.arrived.length).toBe(1) // the third finds what the second has stored again
  })

  test('a soft purge leaves answers that are validated', async () => {
    const [, one, other, third] = await instances(3)
    one!.upstream = () => ({ headers: ['Cache-Control', 'max-age=60', 'ETag', '"1"'] })
    await one!.ask()
    await sleep(settle)
    await other!.ask()
    await one!.store.changed([operationMark('a')], 'soft')
    await sleep(settle)
    for (const it of [other!, third!]) {
      it.upstream = () => ({ status: 304, headers: ['ETag', '"1"', 'Cache-Control', 'max-age=60'], body: null })
    }
    expect(await statusOf(other!)).toContain('fwd=stale; fwd-status=304')
    await sleep(settle)
    expect(await statusOf(third!)).toContain('detail=shared')
  })

  test('what was on its way when its tag was purged never comes back', async () => {
    const [, one, other] = await instances(2)
    let answer = (): void => {}
    one!.upstream = () => new Promise((resolve) => (answer = () => resolve({ body: 'old' })))
    const asked = one!.ask()
    await vi.waitFor(() => expect(one!.arrived).toHaveLength(1))
    await other!.store.changed([operationMark('a')])
    answer()
    expect((await asked).body).toBe('old')
    await sleep(settle)
    other!.upstream = () => ({ body: 'new' })
    expect((await other!.ask()).body).toBe('new')
    one!.upstream = () => ({ body: 'newer' })
    await sleep(settle)
    expect((await one!.ask()).body).toBe('new')
  })

  test('a store that is gone: answers of the upstream, nothing kept, changes told when it is back', async () => {
    const [server, one, other] = await instances(2)
    await one!.ask()
    await server.kill()
    await vi.waitFor(async () => expect(await statusOf(one!)).toContain('detail=store-unavailable'))
    expect((await one!.ask()).status).toBe(200)
    await one!.store.changed([operationMark('a')])
    await server.up()
    await vi.waitFor(async () => expect(await statusOf(one!)).toContain('hit'), 20_000)
    await vi.waitFor(async () => expect(await statusOf(other!)).toContain('detail=shared'), 20_000)
  })

  test('a store that hangs costs little', async () => {
    const [server, one] = await instances(1)
    await one!.ask({ path: '/b' })
    server.freeze()
    for (let i = 0; i < 400; i++) expect((await one!.ask({ path: `/${i}` })).status).toBe(200)
    server.thaw()
    await vi.waitFor(async () => expect(await statusOf(one!)).toContain('hit'), 20_000)
  })

  test('a full store keeps nothing and takes back all the same', async () => {
    const [, one, other] = await instances(2)
    await one!.ask()
    await sleep(settle)
    await open.stores[0]!.command('CONFIG', ['SET', 'maxmemory', '1'])
    expect((await other!.ask({ path: '/b' })).status).toBe(200)
    await one!.store.changed([operationMark('a')])
    await sleep(settle)
    expect(await statusOf(other!)).toContain('uri-miss')
  })
})
