import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import type { CallPlan } from '../../model/service-plan.ts'
import policy from './policy.ts'

const policies = [policy]

const responses = { 200: { description: 'ok' } }
const plan = (proxy: object, own: object = {}) =>
  planOf(
    {
      'x-proxy': proxy,
      paths: {
        '/a': { get: { operationId: 'a', responses } },
        '/b': { get: { operationId: 'b', responses, 'x-proxy': own } },
      },
    },
    policies,
  )

describe('rateLimit', () => {
  it('fills in what is not said; one instance for the document', () => {
    const { instances, plan: made } = plan({
      rateLimit: { sustained: { quota: 600, window: '1m' }, burst: { quota: 20, window: '1s' } },
    })
    expect(instances['sustained']).toEqual({
      name: 'sustained',
      quota: 600,
      windowMs: 60_000,
      cost: 1,
      by: 'consumer',
      algorithm: 'sliding-window',
      headers: 'draft',
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
    })
    expect(
      made.operations.map(({ policies }) => policies.map(({ value }) => (value as { name: string }).name)),
    ).toEqual([
      ['sustained', 'burst'],
      ['sustained', 'burst'],
    ])
  })

  it("makes an instance of an operation's own", () => {
    const { plan: made } = plan(
      { rateLimit: { all: { quota: 600, window: '1m' } } },
      { rateLimit: { all: { quota: 5 } } },
    )
    expect(made.operations[1]?.policies[0]?.value).toMatchObject({
      export: 'rateLimit',
      args: [{ name: 'all', quota: 5, windowMs: 60_000 }],
    })
  })

  it.each([
    ['address', 'address'],
    ['service', 'service'],
    ['claim.org.id', { claim: 'org.id' }],
    ['header.X-Tenant', { header: 'X-Tenant' }],
  ])('counts by %s', (by, expected) => {
    const { instances } = plan({ rateLimit: { all: { quota: 1, window: '1s', by } } })
    expect(instances['all']).toMatchObject({ by: expected })
  })

  it('settles what plans override, references included', () => {
    const document = {
      'x-proxy': {
        rateLimit: { all: { quota: 10, window: '1m', cost: 2 } },
        consumers: {
          gold: { rateLimit: { all: { quota: 100 } } },
          silver: { $ref: '#/components/x-proxy/consumers/more', rateLimit: { all: { window: '1h' } } },
          bronze: {},
        },
      },
      components: { 'x-proxy': { consumers: { more: { rateLimit: { all: { quota: 50 } } } } } },
      paths: { '/a': { get: { responses } } },
    }
    expect(planOf(document, policies).instances['all']).toMatchObject({
      quota: 10,
      plans: {
        gold: { quota: 100, windowMs: 60_000, cost: 2 },
        silver: { quota: 50, windowMs: 3_600_000, cost: 2 },
      },
    })
  })

  it('counts in a store that instances share, each limit for itself', () => {
    const components = { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } }
    const limit = { quota: 5, window: '1m', store: 'main' }
    const { instances, plan: made } = planOf(
      {
        'x-proxy': { rateLimit: { a: limit } },
        paths: {
          '/a': { get: { responses, 'x-proxy': { rateLimit: { a: { onStoreError: 'closed' } } } }, put: { responses } },
        },
        components,
      },
      policies,
    )
    const whole = instances['a'] as { shared: { id: string } }
    expect(whole.shared).toEqual({
      counts: '→mainCounts',
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
      onStoreError: 'open',
    })
    const own = made.operations[0]!.policies[0]!.value as CallPlan
    expect(own.args).toMatchObject([{ shared: { onStoreError: 'closed' } }])
    expect(JSON.stringify(own.args)).not.toContain(whole.shared.id)
  })

  it.each<[string, object, string]>([
    [
      'a store error without a store',
      { quota: 1, window: '1s', onStoreError: 'open' },
      '/x-proxy/rateLimit/x/onStoreError',
    ],
    ['a burst that nothing would heed', { quota: 1, window: '1s', burst: 2 }, '/x-proxy/rateLimit/x/burst'],
    ['a cost beyond the quota', { quota: 1, window: '1s', cost: 2 }, '/x-proxy/rateLimit/x/cost'],
    [
      'a cost beyond the burst',
      { quota: 9, window: '1s', cost: 2, burst: 1, algorithm: 'token-bucket' },
      '/x-proxy/rateLimit/x/cost',
    ],
    ['an empty window', { quota: 9, window: '0s' }, '/x-proxy/rateLimit/x/window'],
  ])('refuses %s', (_, limit, pointer) => {
    const { diagnostics } = plan({ rateLimit: { x: limit } })
    expect(diagnostics).toMatchObject([{ code: 'limit-invalid', place: { pointer } }])
  })

  it('refuses a name no header can carry, and a plan under which nothing would be admitted', () => {
    expect(plan({ rateLimit: { höchstens: { quota: 1, window: '1s' } } }).diagnostics).toMatchObject([
      { code: 'limit-invalid' },
    ])
    const consumers = { gold: { rateLimit: { x: { cost: 9 } } } }
    expect(plan({ rateLimit: { x: { quota: 1, window: '1s' } }, consumers }).diagnostics).toMatchObject([
      { code: 'limit-invalid', place: { pointer: '/x-proxy/consumers/gold/rateLimit/x/cost' } },
    ])
  })
})
