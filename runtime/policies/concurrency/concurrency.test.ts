import { describe, expect, it, vi } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Answer } from '../../core/answer.ts'
import type { Exchange, ExchangeStart } from '../../core/exchange.ts'
import type { Next } from '../../core/policy.ts'
import { Rejection } from '../../core/rejection.ts'
import { rateLimit } from '../rate-limit/rate-limit.ts'
import { type ConcurrencyOptions, concurrency } from './concurrency.ts'

const basic: ConcurrencyOptions = { max: 1, by: 'service', queue: 0, queueTimeout: 60_000 }
const ok: Next = () => ({ status: 200, headers: [], body: null })

interface Asked {
  readonly exchange: Exchange
  readonly answer: Promise<Answer | Rejection>
  status: number | undefined
}

function ask(handle: Next, start: Partial<ExchangeStart> = {}): Asked {
  const exchange = exchangeOf(start)
  const answer = (async () => handle(exchange))().catch((error: unknown) => {
    if (error instanceof Rejection) return error
    throw error
  })
  const asked: Asked = { exchange, answer, status: undefined }
  void answer.then(({ status }) => {
    asked.status = status
  })
  return asked
}

const status = async ({ answer }: Asked): Promise<number> => (await answer).status
/** Whatever could happen at once has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('concurrency', () => {
  it('holds a place until the exchange is over', async () => {
    const handle = concurrency(basic)(ok)
    const first = ask(handle)
    expect(await status(first)).toBe(200)
    const refused = (await ask(handle).answer) as Rejection
    expect(refused.status).toBe(503)
    expect(refused.options.headers).toEqual(['Retry-After', '1'])
    expect(refused.problem().type).toContain('#temporary-reduced-capacity')
    first.exchange.end()
    expect(await status(ask(handle))).toBe(200)
  })

  it('gives a place back once, however often the end is told', async () => {
    const handle = concurrency({ ...basic, max: 2 })(ok)
    const [first, second] = [ask(handle), ask(handle)]
    await status(second)
    first.exchange.end()
    first.exchange.end()
    expect([await status(ask(handle)), await status(ask(handle))]).toEqual([200, 503])
  })

  it('counts callers apart, and forgets them', async () => {
    const handle = concurrency({ ...basic, by: 'address' })(ok)
    const one = ask(handle, { address: '192.0.2.1' })
    expect(await status(one)).toBe(200)
    const refused = (await ask(handle, { address: '192.0.2.1' }).answer) as Rejection
    expect(refused.problem()).toMatchObject({
      status: 429,
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      'violated-policies': ['concurrency'],
    })
    expect(await status(ask(handle, { address: '192.0.2.2' }))).toBe(200)
  })

  it('is one for all operations that share it', async () => {
    const policy = concurrency(basic)
    expect([await status(ask(policy(ok))), await status(ask(policy(ok)))]).toEqual([200, 503])
  })

  it('lets so many wait, and serves who came first', async () => {
    const handle = concurrency({ ...basic, queue: 2 })(ok)
    const [first, second, third, fourth] = [ask(handle), ask(handle), ask(handle), ask(handle)]
    expect(await status(fourth!)).toBe(503)
    expect([second.status, third.status]).toEqual([undefined, undefined])
    first.exchange.end()
    expect(await status(second)).toBe(200)
    await settled()
    expect(third.status).toBeUndefined()
    second.exchange.end()
    expect(await status(third)).toBe(200)
  })

  it('lets nobody wait for who has gone away', async () => {
    const handle = concurrency({ ...basic, queue: 1 })(ok)
    const [first, gone] = [ask(handle), ask(handle)]
    await status(first)
    gone.exchange.underway?.abort()
    gone.exchange.end()
    const next = ask(handle)
    await settled()
    expect(next.status).toBeUndefined()
    first.exchange.end()
    expect(await status(next)).toBe(200)
    next.exchange.end()
    expect(await status(ask(handle))).toBe(200)
  })

  it('a place that is given to who has just gone is not lost', async () => {
    const handle = concurrency({ ...basic, queue: 1 })(ok)
    const [first, gone] = [ask(handle), ask(handle)]
    await status(first)
    first.exchange.end()
    gone.exchange.end()
    await gone.answer
    expect(await status(ask(handle))).toBe(200)
  })

  it('tells who has waited too long', async () => {
    vi.useFakeTimers()
    try {
      const handle = concurrency({ ...basic, queue: 1, queueTimeout: 500 })(ok)
      const [first, waiting] = [ask(handle), ask(handle)]
      await status(first)
      vi.advanceTimersByTime(499)
      await Promise.resolve()
      expect(waiting.status).toBeUndefined()
      vi.advanceTimersByTime(1)
      expect(await status(waiting)).toBe(503)
      expect(waiting.exchange.events?.map(({ event }) => event)).toEqual(['waited', 'waited-in-vain'])
      first.exchange.end()
      expect(await status(ask(handle))).toBe(200)
    } finally {
      vi.useRealTimers()
    }
  })

  it('who is refused has used up nothing of a rate limit', async () => {
    const limit = rateLimit({
      name: 'few',
      quota: 9,
      windowMs: 60_000,
      cost: 1,
      by: 'service',
      algorithm: 'sliding-window',
      headers: 'draft',
    })
    const handle = limit(concurrency(basic)(ok))
    await status(ask(handle))
    const refused = ask(handle)
    expect(await status(refused)).toBe(503)
    expect(refused.exchange.replyFields[3]).toMatch(/^"few";r=8;/)
  })
})
