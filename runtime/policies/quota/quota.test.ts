import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Next } from '../../core/policy.ts'
import { Rejection } from '../../core/rejection.ts'
import { redisCounts } from '../../limits/redis-counts.ts'
import { hasRedis, RedisServer } from '../../store/redis-server.test-support.ts'
import { type RedisStore, redisStore } from '../../store/redis-store.ts'
import { rateLimit } from '../rate-limit/rate-limit.ts'
import { type QuotaOptions, quota } from './quota.ts'

const basic: QuotaOptions = { name: 'monthly', quota: 2, window: 'month', cost: 1, by: 'consumer', headers: 'draft' }
const ok: Next = () => ({ status: 200, headers: [], body: null })

async function ask(handle: Next, plan?: string): Promise<{ status: number; exchange: Exchange; refusal?: Rejection }> {
  const exchange = exchangeOf()
  if (plan !== undefined) exchange.consumer = { id: 'acme', roles: [], scopes: [], claims: {}, plan }
  try {
    return { status: (await handle(exchange)).status, exchange }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    return { status: error.status, exchange, refusal: error }
  }
}

const statuses = async (handle: Next, count: number): Promise<number[]> => {
  const seen: number[] = []
  for (let i = 0; i < count; i++) seen.push((await ask(handle)).status)
  return seen
}

describe('quota', () => {
  it('is for a window of the calendar, and begins anew with the next', async () => {
    let now = Date.parse('2026-11-30T23:59:00Z')
    const handle = quota(basic, { clock: () => now })(ok)
    const { exchange } = await ask(handle)
    expect(exchange.replyFields).toEqual(['RateLimit-Policy', '"monthly";q=2', 'RateLimit', '"monthly";r=1;t=60'])
    await ask(handle)
    const { refusal } = await ask(handle)
    expect(refusal?.options.headers).toEqual(['Retry-After', '60'])
    expect(refusal?.problem()).toMatchObject({
      status: 429,
      detail: 'The limit "monthly" of 2 a month is used up; try again in 60 seconds.',
      'violated-policies': ['monthly'],
    })
    now += 60_000
    expect(await statuses(handle, 3)).toEqual([200, 200, 429])
  })

  it('gives consumers of a plan what the plan says', async () => {
    const plans = { gold: { quota: 5, window: 'day', cost: 2 } } as const
    const handle = quota({ ...basic, plans }, { clock: () => 0 })(ok)
    const { exchange } = await ask(handle, 'gold')
    expect(exchange.replyFields[1]).toBe('"monthly";q=5;w=86400')
    expect([(await ask(handle, 'gold')).status, (await ask(handle, 'gold')).status]).toEqual([200, 429])
  })

  it('is judged with the rate limits: a refusal names all, waits for the last, and costs nothing', async () => {
    const limit = (name: string, many: number) =>
      rateLimit(
        { name, quota: many, windowMs: 1000, cost: 1, by: 'address', algorithm: 'fixed-window', headers: 'both' },
        { clock: () => 0 },
      )
    const noon = Date.parse('2026-11-20T12:00:00Z')
    const daily = quota({ ...basic, name: 'daily', window: 'day', headers: 'legacy' }, { clock: () => noon })
    const handle = limit('burst', 2)(limit('wide', 9)(daily(ok)))
    await statuses(handle, 2)
    const { refusal, exchange } = await ask(handle)
    expect(refusal?.problem()).toMatchObject({ 'violated-policies': ['burst', 'daily'] })
    expect(refusal?.options.headers).toEqual(['Retry-After', String(12 * 3600)])
    const { replyFields } = exchange
    expect(replyFields.filter((_, i) => replyFields[i - 1] === 'RateLimit')).toEqual([
      '"burst";r=0;t=1',
      '"wide";r=7;t=1',
    ])
    expect(replyFields.slice(-6, -2)).toEqual(['X-RateLimit-Limit', '2', 'X-RateLimit-Remaining', '0'])
  })
})

describe.skipIf(!hasRedis)(`quotas in a store${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  let server: RedisServer
  let stores: RedisStore[]
  beforeAll(async () => {
    server = await RedisServer.start()
    stores = [1, 2].map(() =>
      redisStore({ name: 'main', service: 'test', url: server.url, timeout: 5000, notice: () => {} }),
    )
    for (const store of stores) await store.start()
  }, 30_000)
  afterAll(async () => {
    for (const store of stores) store.close()
    await server.kill()
  })
  const shared = (index: number, id: string, onStoreError: 'open' | 'closed' = 'closed') => ({
    shared: { counts: redisCounts(stores[index]!), id, onStoreError },
  })

  it.each(['day', 'week', 'month'] as const)('by %s: exactly the quota over all instances', async (window) => {
    const handles = [0, 1].map((index) => quota({ ...basic, quota: 30, window, ...shared(index, window) })(ok))
    const asked = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(handles[i % 2]!)))
    expect(asked.filter(({ status }) => status === 200)).toHaveLength(30)
    const left = Number(asked.find(({ status }) => status === 429)?.refusal?.options.headers?.[1])
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual({ day: 86_400, week: 7 * 86_400, month: 31 * 86_400 }[window])
  })

  it('is counted with the limits of the same store at once: all or none', async () => {
    const limit = (name: string, many: number) =>
      rateLimit({
        ...{
          name,
          quota: many,
          windowMs: 3_600_000,
          cost: 1,
          by: 'address',
          algorithm: 'sliding-window',
          headers: 'draft',
        },
        ...shared(0, name),
      })
    const handle = limit('wide', 9)(quota({ ...basic, ...shared(0, 'with') })(limit('few', 2)(ok)))
    expect(await statuses(handle, 5)).toEqual([200, 200, 429, 429, 429])
    const { refusal, exchange } = await ask(handle)
    expect(refusal?.problem()).toMatchObject({ 'violated-policies': ['monthly', 'few'] })
    expect(exchange.replyFields[3]).toMatch(/^"wide";r=7;/)
  })

  it('a limit of this process refuses before the store counts', async () => {
    const near = rateLimit({
      ...{
        name: 'near',
        quota: 1,
        windowMs: 3_600_000,
        cost: 1,
        by: 'address',
        algorithm: 'fixed-window',
        headers: 'draft',
      },
    })
    const far = quota({ ...basic, quota: 3, ...shared(0, 'far') })
    expect(await statuses(near(far(ok)), 4)).toEqual([200, 429, 429, 429])
    expect(await statuses(far(ok), 3)).toEqual([200, 200, 429])
  })

  it('while the store is lost it refuses, or counts alone, as its author says', async () => {
    const closed = quota({ ...basic, ...shared(0, 'closed') })(ok)
    const open = quota({ ...basic, ...shared(0, 'open', 'open') })(ok)
    expect([await statuses(closed, 1), await statuses(open, 1)]).toEqual([[200], [200]])
    await server.kill()
    expect(await statuses(closed, 2)).toEqual([503, 503])
    expect(await statuses(open, 3)).toEqual([200, 200, 429])
  })
})
