import { expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import identityHeaders from '../identity-headers/policy.ts'
import policy from './policy.ts'

it('knows every field that any operation is told', () => {
  const { plan, instances } = planOf(
    {
      'x-proxy': { identityHeaders: { 'X-A': 'consumer.id' } },
      paths: {
        '/x': { 'x-proxy': { identityHeaders: { X_B: 'scope' } }, get: { responses: {} } },
        '/y': {
          get: { responses: {}, 'x-proxy': { identityHeaders: false } },
          put: { responses: {}, 'x-proxy': { identityHeaders: { 'x-c': 'scope' } } },
        },
      },
      components: {
        'x-proxy': { policies: { g: { identityHeaders: { 'X-D': 'claim.d' } }, h: { 'X-E': 'claim.e' } } },
      },
    },
    [policy, identityHeaders],
  )
  expect(instances['removeIdentity']).toEqual({ names: ['x-a', 'x-b', 'x-c', 'x-d', 'x-e'] })
  expect(plan.operations.map((one) => one.policies.map(({ policy: name }) => name))).toEqual([
    ['removeIdentity', 'identityHeaders'],
    ['removeIdentity'],
    ['removeIdentity', 'identityHeaders'],
  ])
})

it('is not there where nothing is told', () => {
  const { plan } = planOf({ paths: { '/x': { get: { responses: {} } } } }, [policy, identityHeaders])
  expect(plan.operations[0]!.policies).toEqual([])
})
