import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import rateLimit from '../rate-limit/policy.ts'
import policy from './policy.ts'

const paths = { '/a': { get: { responses: { 200: { description: 'ok' } } } } }
const plan = (proxy: object, components: object = {}) =>
  planOf({ 'x-proxy': proxy, paths, components }, [rateLimit, policy])

describe('quota', () => {
  it('fills in what is not said, and settles what plans override', () => {
    const { instances, diagnostics } = plan({
      quota: { monthly: { quota: 1000, window: 'month', by: 'claim.org' } },
      consumers: { gold: { quota: { monthly: { quota: 5000, window: 'week', cost: 2 } } } },
    })
    expect(diagnostics).toEqual([])
    expect(instances['monthly']).toEqual({
      name: 'monthly',
      quota: 1000,
      window: 'month',
      cost: 1,
      by: { claim: 'org' },
      headers: 'draft',
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
      plans: { gold: { quota: 5000, window: 'week', cost: 2 } },
    })
  })

  it('is closed while its store is lost, unless the author says otherwise', () => {
    const components = { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } }
    const monthly = { quota: 5, window: 'month', store: 'main' }
    const { instances } = plan(
      { quota: { monthly, weekly: { ...monthly, window: 'week', onStoreError: 'open' } } },
      components,
    )
    expect(instances['monthly']).toMatchObject({ shared: { counts: '→mainCounts', onStoreError: 'closed' } })
    expect(instances['weekly']).toMatchObject({ shared: { counts: '→mainCounts', onStoreError: 'open' } })
  })

  it.each<[string, object, string]>([
    ['a cost beyond the quota', { quota: { x: { quota: 1, window: 'day', cost: 2 } } }, '/x-proxy/quota/x/cost'],
    [
      'a plan under which nothing would be admitted',
      {
        quota: { x: { quota: 3, window: 'day', cost: 2 } },
        consumers: { poor: { quota: { x: { quota: 1 } } } },
      },
      '/x-proxy/consumers/poor/quota/x/quota',
    ],
    [
      'a store error without a store',
      { quota: { x: { quota: 1, window: 'day', onStoreError: 'open' } } },
      '/x-proxy/quota/x/onStoreError',
    ],
    ['a name no header can carry', { quota: { höchstens: { quota: 1, window: 'day' } } }, '/x-proxy/quota/höchstens'],
    [
      'the name of a rate limit',
      { quota: { x: { quota: 1, window: 'day' } }, rateLimit: { x: { quota: 1, window: '1s' } } },
      '/x-proxy/quota/x',
    ],
  ])('refuses %s', (_, proxy, pointer) => {
    expect(plan(proxy).diagnostics).toMatchObject([{ code: 'limit-invalid', place: { pointer } }])
  })
})
