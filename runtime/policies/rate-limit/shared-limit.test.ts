import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Next } from '../../core/policy.ts'
import { Rejection } from '../../core/rejection.ts'
import { redisCounts } from '../../limits/redis-counts.ts'
import { hasRedis, RedisServer } from '../../store/redis-server.test-support.ts'
import { type RedisStore, redisStore } from '../../store/redis-store.ts'
import { type RateLimitOptions, rateLimit } from './rate-limit.ts'

const basic: RateLimitOptions = {
  name: 'basic',
  quota: 50,
  windowMs: 60_000,
  cost: 1,
  by: 'address',
  algorithm: 'fixed-window',
  headers: 'draft',
}
const ok: Next = () => ({ status: 200, headers: [], body: null })

async function ask(handle: Next, exchange: Exchange = exchangeOf()): Promise<number> {
  try {
    return (await handle(exchange)).status
  } catch (error) {
    if (error instanceof Rejection) return error.status
    throw error
  }
}

describe.skipIf(!hasRedis)(`limits in a store${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  let server: RedisServer
  let stores: RedisStore[]
  beforeAll(async () => {
    server = await RedisServer.start()
    stores = Array.from({ length: 4 }, () =>
      redisStore({ name: 'main', service: 'test', url: server.url, timeout: 5000, notice: () => {} }),
    )
    for (const store of stores) await store.start()
  })
  afterAll(async () => {
    for (const store of stores) store.close()
    await server.kill()
  })
  const limits = (options: Partial<RateLimitOptions>, id: string, onStoreError: 'open' | 'closed' = 'open'): Next[] =>
    stores.map((store) =>
      rateLimit({ ...basic, ...options, shared: { counts: redisCounts(store), id, onStoreError } })(ok),
    )

  it.each(['fixed-window', 'sliding-window', 'token-bucket'] as const)(
    '%s: exactly the quota over four instances',
    async (algorithm) => {
      const handles = limits({ algorithm }, `exact ${algorithm}`)
      const statuses = await Promise.all(Array.from({ length: 400 }, (_, i) => ask(handles[i % 4]!)))
      expect(statuses.filter((status) => status === 200)).toHaveLength(50)
      expect(statuses.filter((status) => status === 429)).toHaveLength(350)
    },
  )

  it.concurrent.each(['fixed-window', 'sliding-window', 'token-bucket'] as const)(
    '%s: gives again when the time has come',
    async (algorithm) => {
      const [handle] = limits({ algorithm, quota: 2, windowMs: 5500 }, `again ${algorithm}`)
      const exchange = exchangeOf()
      expect(await ask(handle!, exchange)).toBe(200)
      expect(exchange.replyFields.slice(0, 3)).toEqual(['RateLimit-Policy', '"basic";q=2', 'RateLimit'])
      expect(exchange.replyFields[3]).toMatch(/^"basic";r=1;t=[36]$/)
      expect(await ask(handle!)).toBe(200)
      expect(await ask(handle!)).toBe(429)
      await vi.waitFor(async () => expect(await ask(handle!)).toBe(200), { timeout: 15_000, interval: 200 })
    },
    20_000,
  )

  it('limits of other places and other callers are other limits', async () => {
    const [one] = limits({ quota: 1 }, 'one')
    const [other] = limits({ quota: 1 }, 'other')
    expect([await ask(one!), await ask(one!), await ask(other!)]).toEqual([200, 429, 200])
    expect(await ask(one!, exchangeOf({ address: '192.0.2.7' }))).toBe(200)
  })

  it.each(['fixed-window', 'sliding-window', 'token-bucket'] as const)(
    '%s: takes back what another limit refused',
    async (algorithm) => {
      const shared = (name: string, quota: number, id: string) =>
        rateLimit({
          ...basic,
          name,
          quota,
          algorithm,
          shared: { counts: redisCounts(stores[0]!), id: `${id} ${algorithm}`, onStoreError: 'open' },
        })
      const tight = shared('tight', 1, 'tight')
      for (const wide of [shared('wide', 3, 'wide'), rateLimit({ ...basic, name: 'wide', quota: 3, algorithm })]) {
        const handle = wide(tight(ok))
        await ask(handle)
        const refused = exchangeOf()
        expect(await ask(handle, refused)).toBe(429)
        expect(refused.replyFields.filter((_, i) => i % 2 === 1).join()).toMatch(/"wide";r=[23];/)
        for (let i = 0; i < 5; i++) await ask(handle)
        const after = exchangeOf({ address: '192.0.2.1' })
        expect(await ask(wide(ok), after)).toBe(200)
      }
    },
  )

  it('without its store it does what the author said, and comes back by itself', async () => {
    const [open] = limits({ quota: 3 }, 'lost open')
    const [closed] = limits({ quota: 3 }, 'lost closed', 'closed')
    expect([await ask(open!), await ask(closed!)]).toEqual([200, 200])
    await server.kill()
    const statuses = []
    for (let i = 0; i < 5; i++) statuses.push(await ask(open!))
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    expect(await ask(closed!)).toBe(503)
    await server.up()
    for (let i = 0; i < 100 && (await ask(closed!)) === 503; i++)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await ask(open!)).toBe(200)
  })
})
