import { expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import type { CallPlan } from '../../model/service-plan.ts'
import policy from './policy.ts'

const plan = (options: object) =>
  planOf({ paths: { '/x': { get: { responses: {}, 'x-proxy': { identityHeaders: options } } } } }, [policy])

it('says where each field comes from', () => {
  const call = plan({ 'X-Who': 'consumer.id', 'X-Org': 'claim.org.id' }).plan.operations[0]!.policies[0]!.value
  expect((call as CallPlan).args).toEqual([{ headers: { 'X-Who': 'consumer.id', 'X-Org': { claim: 'org.id' } } }])
})

it.each(['Host', 'Content-Length', 'X-Forwarded-For', 'Connection'])('refuses %s', (name) => {
  expect(plan({ [name]: 'consumer.id' }).diagnostics).toMatchObject([{ code: 'identity-header' }])
})
