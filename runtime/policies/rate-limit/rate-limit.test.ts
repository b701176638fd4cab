import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Answer } from '../../core/answer.ts'
import type { Consumer } from '../../core/consumer.ts'
import type { Exchange, ExchangeStart } from '../../core/exchange.ts'
import type { Next, Policy } from '../../core/policy.ts'
import { Rejection, reject } from '../../core/rejection.ts'
import { type RateLimitOptions, rateLimit } from './rate-limit.ts'

const basic: RateLimitOptions = {
  name: 'basic',
  quota: 2,
  windowMs: 60_000,
  cost: 1,
  by: 'consumer',
  algorithm: 'fixed-window',
  headers: 'draft',
}
const acme: Consumer = { id: 'acme', roles: [], scopes: [], claims: { org: { id: 7 }, __proto__: null } }

function chain(...policies: Policy[]): Next {
  return policies.reduceRight<Next>(
    (next, policy) => policy(next),
    () => ({ status: 200, headers: [], body: null }) satisfies Answer,
  )
}

interface Reply {
  status: number
  fields: string[]
  rejection?: Rejection
}

function call(next: Next, start: Partial<ExchangeStart> = {}, consumer?: Consumer): Reply {
  const exchange: Exchange = exchangeOf(start)
  exchange.consumer = consumer
  try {
    const answer = next(exchange) as Answer
    return { status: answer.status, fields: exchange.replyFields }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    return { status: error.status, fields: exchange.replyFields, rejection: error }
  }
}

describe('rateLimit', () => {
  it("admits the quota, then refuses with the draft's fields and problem", () => {
    let now = 0
    const next = chain(rateLimit(basic, { clock: () => now }))
    expect(call(next)).toEqual({
      status: 200,
      fields: ['RateLimit-Policy', '"basic";q=2;w=60', 'RateLimit', '"basic";r=1;t=60'],
    })
    now = 100
    expect(call(next).fields[3]).toBe('"basic";r=0;t=60')
    now = 58_200
    const { status, fields, rejection } = call(next)
    expect(status).toBe(429)
    expect(fields[3]).toBe('"basic";r=0;t=2')
    expect(rejection?.options.headers).toEqual(['Retry-After', '2'])
    expect(rejection?.problem()).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      title: 'Too Many Requests',
      status: 429,
      detail: 'The limit "basic" of 2 in 60 seconds is used up; try again in 2 seconds.',
      'violated-policies': ['basic'],
    })
    now = 60_000
    expect(call(next).status).toBe(200)
  })

  it.each<[RateLimitOptions['by'], [Partial<ExchangeStart>, Consumer?][], number[]]>([
    [
      'consumer',
      [[{}], [{}, acme], [{ address: '192.0.2.2' }], [{ address: '192.0.2.9' }, acme]],
      [200, 200, 200, 429],
    ],
    ['address', [[{}], [{}, acme]], [200, 429]],
    [
      'address',
      [[{ address: '2001:db8::1' }], [{ address: '2001:db8::2' }], [{ address: '2001:db8:0:1::1' }]],
      [200, 429, 200],
    ],
    ['service', [[{}], [{ address: '192.0.2.2' }, acme]], [200, 429]],
    [
      { header: 'X-Tenant' },
      [
        [{ headers: ['x-tenant', 'a'] }],
        [{ headers: ['x-tenant', 'b'] }],
        [{}],
        [{ headers: ['X-TENANT', 'a'] }],
        [{}],
      ],
      [200, 200, 200, 429, 429],
    ],
    [
      { header: 'X-Tenant' },
      [[{ headers: ['x-tenant', 'a'.repeat(70)] }], [{ headers: ['x-tenant', 'a'.repeat(71)] }]],
      [200, 200],
    ],
    [{ claim: 'org.id' }, [[{}, acme], [{}, { ...acme, id: 'other' }], [{}]], [200, 429, 200]],
    [
      { claim: 'org.constructor' },
      [
        [{}, acme],
        [{}, { ...acme, id: 'other' }],
        [{}, acme],
      ],
      [200, 200, 429],
    ],
  ])('counts by %j', (by, calls, statuses) => {
    const next = chain(rateLimit({ ...basic, quota: 1, by }, { clock: () => 0 }))
    expect(calls.map(([start, consumer]) => call(next, start, consumer).status)).toEqual(statuses)
  })

  it('gives consumers of a plan what the plan says', () => {
    const next = chain(
      rateLimit(
        { ...basic, algorithm: 'token-bucket', plans: { gold: { quota: 4, windowMs: 1000, cost: 2 } } },
        { clock: () => 0 },
      ),
    )
    const gold = { ...acme, id: 'g', plan: 'gold' }
    expect([1, 2, 3].map(() => call(next, {}, gold).status)).toEqual([200, 200, 429])
    expect(call(next, {}, { ...acme, plan: 'constructor' }).fields[1]).toBe('"basic";q=2;w=60')
    expect(call(next, {}, gold).fields[1]).toBe('"basic";q=4;w=1')
  })

  it('takes nothing for a request that a further limit refuses', () => {
    const outer = rateLimit({ ...basic, name: 'outer', quota: 10 }, { clock: () => 0 })
    const inner = rateLimit({ ...basic, name: 'inner' }, { clock: () => 0 })
    const next = chain(outer, inner)
    const seen = [1, 2, 3, 4].map(() => call(next).fields.filter((_, index) => index % 4 === 3))
    expect(seen).toEqual([
      ['"outer";r=9;t=60', '"inner";r=1;t=60'],
      ['"outer";r=8;t=60', '"inner";r=0;t=60'],
      ['"outer";r=8;t=60', '"inner";r=0;t=60'],
      ['"outer";r=8;t=60', '"inner";r=0;t=60'],
    ])
    expect(call(chain(outer)).fields[3]).toBe('"outer";r=7;t=60')
  })

  it('charges for what is refused for another reason', () => {
    const next = chain(rateLimit(basic, { clock: () => 0 }), () => () => {
      throw reject('invalid-request')
    })
    expect([1, 2, 3].map(() => call(next).status)).toEqual([400, 400, 429])
  })

  it('writes legacy fields for the tightest limit, both, or none', () => {
    const limits = (headers: RateLimitOptions['headers']): Next =>
      chain(
        rateLimit({ ...basic, name: 'a', quota: 5, headers }, { clock: () => 0 }),
        rateLimit({ ...basic, name: 'b', quota: 3, headers }, { clock: () => 0 }),
        rateLimit({ ...basic, name: 'c', quota: 9, headers }, { clock: () => 0 }),
      )
    const { fields } = call(limits('legacy'))
    expect(fields.slice(0, 4)).toEqual(['X-RateLimit-Limit', '3', 'X-RateLimit-Remaining', '2'])
    expect(fields).toHaveLength(6)
    expect(Math.abs(Number(fields[5]) - Date.now() / 1000 - 60)).toBeLessThan(3)
    expect(call(limits('both')).fields).toHaveLength(3 * 4 + 6)
    expect(call(limits('none')).fields).toEqual([])
  })

  it('leaves out a window that is no whole number of seconds', () => {
    const next = chain(rateLimit({ ...basic, windowMs: 250 }, { clock: () => 0 }))
    expect(call(next).fields).toEqual(['RateLimit-Policy', '"basic";q=2', 'RateLimit', '"basic";r=1;t=1'])
  })

  it('remembers consumers apart from strangers: no number of addresses makes it forget one', () => {
    const next = chain(rateLimit(basic, { clock: () => 0, capacity: 10 }))
    for (let i = 0; i < 3; i++) call(next, {}, acme)
    for (let i = 0; i < 500; i++) call(next, { address: `192.0.${i >> 8}.${i & 255}` })
    expect(call(next, {}, acme).status).toBe(429)
  })
})
