import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../test/support/exchange-of.ts'
import type { Consumer } from '../core/consumer.ts'
import type { ProblemKind } from '../core/problem.ts'
import { type GuardOptions, guard } from './guard.ts'
import type { SuspendRules } from './suspension.ts'

const acme: Consumer = { id: 'acme', roles: [], scopes: [], claims: {} }
const rule = { count: 3, windowMs: 60_000, forMs: 10_000 }

function watched(suspendAfter: SuspendRules, lists: Partial<GuardOptions> = {}) {
  const state = { now: 1_000_000, said: [] as string[] }
  const made = guard(
    { allow: [], block: [], suspendAfter, ...lists },
    {
      now: () => state.now,
      say: ({ subject, signal, times }, ms) => void state.said.push(`${subject} ${signal} ${times} ${ms}`),
    },
  )
  const see = (problem: ProblemKind, address = '192.0.2.1', consumer?: Consumer, isRouted = true): void =>
    made.saw({ address, consumer, problem, isRouted })
  return { made, state, see }
}

describe('guard', () => {
  it('suspends after so many signals, for twice as long each time, up to a day', async () => {
    const { made, state, see } = watched({ 'auth-failure': rule })
    const lasts: number[] = []
    for (let time = 0; time < 16; time++) {
      for (let i = 0; i < 3; i++) {
        expect(made.judge('192.0.2.1')).toBeUndefined()
        see('unauthorized')
      }
      const refusal = made.judge('192.0.2.1')
      expect(refusal?.problem().type).toContain('#abnormal-usage-detected')
      expect(refusal?.status).toBe(429)
      const wait = Number(refusal?.options.headers?.[1])
      lasts.push(wait)
      expect(made.judge('192.0.2.2')).toBeUndefined()
      state.now += wait * 1000
    }
    expect(lasts.slice(0, 4)).toEqual([10, 20, 40, 80])
    expect(lasts.at(-1)).toBe(86_400)
    state.now += 86_400_000
    for (let i = 0; i < 3; i++) see('unauthorized')
    expect(state.said.at(-1)).toBe('address 192.0.2.1 auth-failure 1 10000')
  })

  it('forgets signals that are older than the window', () => {
    const { made, state, see } = watched({ 'not-found': rule })
    for (let i = 0; i < 20; i++) {
      see('not-found', '192.0.2.1', undefined, false)
      state.now += 30_001
    }
    expect(made.judge('192.0.2.1')).toBeUndefined()
  })

  it.each<[ProblemKind, boolean, keyof SuspendRules | undefined]>([
    ['unauthorized', true, 'auth-failure'],
    ['forbidden', true, 'auth-failure'],
    ['forbidden', false, undefined],
    ['invalid-request', true, 'validation-failure'],
    ['not-found', false, 'not-found'],
    ['not-found', true, undefined],
    ['quota-exceeded', true, 'rate-limited'],
    ['abnormal-usage-detected', true, undefined],
    ['content-too-large', true, 'oversize'],
    ['uri-too-long', false, 'oversize'],
    ['upstream-unreachable', true, undefined],
  ])('%s (of an operation: %s) is %s', (problem, isRouted, signal) => {
    const once = { ...rule, count: 1 }
    const all = ['auth-failure', 'validation-failure', 'not-found', 'rate-limited', 'oversize'] as const
    for (const one of all) {
      const { made, see } = watched({ [one]: once })
      see(problem, '192.0.2.1', undefined, isRouted)
      expect(made.judge('192.0.2.1') !== undefined, one).toBe(one === signal)
    }
  })

  it('suspends the consumer and not their address, where the consumer is known', () => {
    const { made, see } = watched({ 'validation-failure': rule })
    for (let i = 0; i < 3; i++) see('invalid-request', `192.0.2.${i}`, acme)
    expect(made.judge('192.0.2.1')).toBeUndefined()
    const exchange = exchangeOf()
    exchange.consumer = acme
    expect(made.judgeConsumer(exchange)?.status).toBe(429)
    exchange.consumer = { ...acme, claims: { iss: 'https://id.example' } }
    expect(made.judgeConsumer(exchange)).toBeUndefined()
  })

  it('suspends a /64 as a whole, and lifts it by any address of it', async () => {
    const { made, see } = watched({ oversize: rule })
    for (let i = 1; i <= 3; i++) see('content-too-large', `2001:db8::${i}`)
    expect(made.judge('2001:db8::ffff')?.status).toBe(429)
    expect(made.judge('2001:db8:0:1::1')).toBeUndefined()
    expect(made.list()).toMatchObject([
      { subject: 'address 2001:db8:0:0::/64', signal: 'oversize', times: 1, seconds: 10 },
    ])
    expect(await made.lift('address 2001:db8::77')).toBe(1)
    expect(await made.lift('address 2001:db8::77')).toBe(0)
    expect(made.judge('2001:db8::1')).toBeUndefined()
  })

  it('sees who walks through the values of a path parameter', () => {
    const { made, state } = watched({ enumeration: { ...rule, count: 5 } })
    const walk = (value: string, id = 'getOrder') => {
      const exchange = exchangeOf({ operation: { id, method: 'GET', path: '/orders/{id}' }, pathValues: [value] })
      exchange.consumer = acme
      made.walked(exchange)
      return made.judgeConsumer(exchange)
    }
    for (let i = 0; i < 50; i++) expect(walk(String(i % 4))).toBeUndefined()
    expect(walk('5', 'another')).toBeUndefined()
    state.now += 60_000
    for (let i = 10; i < 14; i++) expect(walk(String(i))).toBeUndefined()
    expect(walk('14')?.status).toBe(429)
    expect(state.said).toEqual(['consumer acme enumeration 1 10000'])
  })

  it('turns away who is listed, and suspends nobody who is allowed by name', () => {
    const { made, see } = watched({ 'auth-failure': rule }, { allow: ['192.0.2.0/24'], block: ['192.0.2.66'] })
    expect([made.judge('192.0.2.66')?.status, made.judge('198.51.100.1')?.status]).toEqual([403, 403])
    for (let i = 0; i < 9; i++) see('unauthorized')
    expect(made.judge('192.0.2.1')).toBeUndefined()
    expect(made.measures().find(({ name }) => name === 'specgate_protect_refused_total')?.values).toContainEqual({
      labels: { reason: 'listed' },
      value: 2,
    })
  })

  it('lifts everybody', async () => {
    const { made, see } = watched({ 'auth-failure': { ...rule, count: 1 } })
    for (let i = 1; i < 5; i++) see('unauthorized', `192.0.2.${i}`)
    expect(await made.lift(undefined)).toBe(4)
    expect(made.list()).toEqual([])
    see('unauthorized')
    expect(made.list()).toMatchObject([{ times: 1 }])
  })
})
