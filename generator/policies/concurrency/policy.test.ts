import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import policy from './policy.ts'

const get = { responses: { 200: { description: 'ok' } } }
const components = { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } } }
const plan = (concurrency: object) =>
  planOf({ 'x-proxy': { concurrency }, paths: { '/a': { get, put: get } }, components }, [policy])

describe('concurrency', () => {
  it('fills in what is not said; operations share the places of the document', () => {
    const { instances, plan: made } = plan({ max: 3 })
    const id = expect.stringMatching(/^[0-9a-f]{12}$/)
    expect(instances).toEqual({ sharedConcurrency: { max: 3, by: 'service', queue: 0, queueTimeout: 5000, id } })
    const names = made.operations.map(({ policies }) => policies.map(({ value }) => (value as { name: string }).name))
    expect(names).toEqual([['sharedConcurrency'], ['sharedConcurrency']])
  })

  it('settles what is said', () => {
    const { instances } = plan({ max: 1, by: 'header.X-Tenant', queue: 2, queueTimeout: '250ms', store: 'main' })
    expect(instances['sharedConcurrency']).toEqual({
      max: 1,
      by: { header: 'X-Tenant' },
      queue: 2,
      queueTimeout: 250,
      shared: { leases: '→mainLeases', id: expect.stringMatching(/^[0-9a-f]{12}$/), onStoreError: 'open' },
    })
  })

  it.each<[string, object, string]>([
    ['time to wait where nobody may', { max: 1, queueTimeout: '1s' }, 'queueTimeout'],
    ['no time to wait', { max: 1, queue: 1, queueTimeout: '0s' }, 'queueTimeout'],
    ['a store error without a store', { max: 1, onStoreError: 'open' }, 'onStoreError'],
  ])('refuses %s', (_, options, key) => {
    expect(plan(options).diagnostics).toMatchObject([
      { code: 'option-invalid', place: { pointer: `/x-proxy/concurrency/${key}` } },
    ])
  })
})
