import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Next } from '../../core/policy.ts'
import { Rejection } from '../../core/rejection.ts'
import { redisLeases } from '../../limits/redis-leases.ts'
import { hasRedis, RedisServer } from '../../store/redis-server.test-support.ts'
import { type RedisStore, redisStore } from '../../store/redis-store.ts'
import { concurrency } from './concurrency.ts'

const ok: Next = () => ({ status: 200, headers: [], body: null })
const patient = { timeout: 15_000, interval: 25 }

describe.skipIf(!hasRedis)(`places in a store${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  let server: RedisServer
  let stores: RedisStore[]
  beforeAll(async () => {
    server = await RedisServer.start()
    stores = [1, 2, 3].map(() =>
      redisStore({ name: 'main', service: 'test', url: server.url, timeout: 5000, notice: () => {} }),
    )
    for (const store of stores) await store.start()
  }, 30_000)
  afterAll(async () => {
    for (const store of stores) store.close()
    await server.kill()
  })
  const instances = (id: string, more: { max?: number; queue?: number; lease?: number } = {}): Next[] =>
    stores.map((store) =>
      concurrency({
        max: more.max ?? 1,
        by: 'service',
        queue: more.queue ?? 0,
        queueTimeout: 30_000,
        shared: { leases: redisLeases(store, more.lease), id, onStoreError: 'open' },
      })(ok),
    )
  const ask = async (handle: Next, exchange: Exchange = exchangeOf()): Promise<[number, Exchange]> => {
    try {
      return [(await handle(exchange)).status, exchange]
    } catch (error) {
      if (error instanceof Rejection) return [error.status, exchange]
      throw error
    }
  }

  it('are never more than there are, over three instances', async () => {
    const handles = instances('exact', { max: 5 })
    const asked = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(handles[i % 3]!)))
    expect(asked.filter(([status]) => status === 200)).toHaveLength(5)
    for (const [, exchange] of asked) exchange.end()
    await vi.waitFor(async () => {
      const again = await Promise.all(Array.from({ length: 5 }, (_, i) => ask(handles[i % 3]!)))
      for (const [, exchange] of again) exchange.end()
      expect(again.map(([status]) => status)).toEqual([200, 200, 200, 200, 200])
    }, patient)
  })

  it('are waited for, also where another instance gives them back', async () => {
    const [one, other] = instances('wait', { queue: 1 })
    const [, first] = await ask(one!)
    const waiting = ask(other!)
    await vi.waitFor(async () => expect((await ask(other!))[0]).toBe(503), patient)
    first.end()
    const [status, second] = await waiting
    expect(status).toBe(200)
    second.end()
  })

  it('are renewed while they are held, and come back from an instance that has died', async () => {
    const dying = redisStore({ name: 'main', service: 'test', url: server.url, timeout: 5000, notice: () => {} })
    await dying.start()
    const leases = redisLeases(dying, 900)
    expect(await leases.acquire('dead', 1)).toBeDefined()
    const key = `${dying.prefix}places:dead`
    const [, first] = (await stores[0]!.command('ZRANGE', [key, 0, -1, 'WITHSCORES'])) as string[]
    await vi.waitFor(async () => {
      const [, until] = (await stores[0]!.command('ZRANGE', [key, 0, -1, 'WITHSCORES'])) as string[]
      expect(Number(until)).toBeGreaterThan(Number(first))
    }, patient)
    const living = redisLeases(stores[0]!, 900)
    dying.close()
    await vi.waitFor(async () => expect(await living.acquire('dead', 1)).toBeDefined(), patient)
  })

  it('without the store each instance counts alone', async () => {
    const [one, other] = instances('lost')
    await server.kill()
    await vi.waitFor(() => expect(stores.some(({ isUp }) => isUp)).toBe(false), patient)
    const [status, first] = await ask(one!)
    expect([status, (await ask(one!))[0], (await ask(other!))[0]]).toEqual([200, 503, 200])
    first.end()
    expect((await ask(one!))[0]).toBe(200)
  })
})
