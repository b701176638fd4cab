import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan } from '../../model/service-plan.ts'
import policy from './policy.ts'

const get = { responses: { 200: { description: 'ok' } } }
const components = { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } }
const plan = (protect: object) =>
  planOf({ 'x-proxy': { protect }, paths: { '/a': { get, put: get } }, components }, [policy])

describe('protect', () => {
  it('makes one guard, which the server asks and shows', () => {
    const { instances, plan: made } = plan({
      blocklist: ['192.0.2.0/24'],
      suspendAfter: { 'auth-failure': { count: 3, window: '1m', for: '15m' }, oversize: false },
      store: 'main',
    })
    expect(instances['guard']).toEqual({
      allow: [],
      block: ['192.0.2.0/24'],
      suspendAfter: { 'auth-failure': { count: 3, windowMs: 60_000, forMs: 900_000 } },
      tally: '→mainTally',
    })
    expect(made.resources).toEqual(['mainStore', 'guard'])
    expect(made.server).toMatchObject({ protect: { name: 'guard' }, admin: { blocks: { name: 'guard' } } })
    const [first, second] = made.operations.map(({ policies }) => policies.map(({ value }) => value))
    expect(first).toEqual(second)
    expect(first).not.toContainEqual(expect.any(CallPlan))
  })

  it('leaves the server alone where nobody asks for it', () => {
    const { plan: made } = planOf({ paths: { '/a': { get } } }, [policy])
    expect(Object.keys(made.server)).not.toContain('protect')
  })

  it.each<[string, object, string]>([
    ['nothing', {}, ''],
    ['a block on both lists', { allowlist: ['192.0.2.1'], blocklist: ['192.0.2.0/24', '192.0.2.1'] }, '/blocklist/1'],
    ['a store for nothing', { blocklist: ['192.0.2.1'], store: 'main' }, '/store'],
    [
      'an empty window',
      { suspendAfter: { oversize: { count: 1, window: '0s', for: '1m' } } },
      '/suspendAfter/oversize/window',
    ],
    [
      'no time at all',
      { suspendAfter: { oversize: { count: 1, window: '1s', for: '0s' } } },
      '/suspendAfter/oversize/for',
    ],
  ])('refuses %s', (_, options, where) => {
    expect(plan(options).diagnostics).toMatchObject([
      { code: 'option-invalid', place: { pointer: `/x-proxy/protect${where}` } },
    ])
  })
})
