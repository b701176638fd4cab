import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan } from '../../model/service-plan.ts'
import apiKey from '../api-key/policy.ts'
import authenticate from '../authenticate/policy.ts'
import presence from '../presence/policy.ts'
import policy from './policy.ts'

const plan = (options: unknown, security: unknown = [{ key: [] }], scheme: object = { 'x-proxy': { apiKey: {} } }) => {
  const { plan: made, diagnostics } = planOf(
    {
      paths: {
        '/a/{x}/b/{y}': {
          get: { security, responses: { 200: { description: 'ok' } }, 'x-proxy': { authorize: options } },
        },
      },
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'k', ...scheme } } },
    },
    [authenticate, apiKey, presence, policy],
  )
  const call = made.operations[0]!.policies.find((one) => one.policy === 'authorize')?.value
  return { args: call instanceof CallPlan ? (call.args[0] as Record<string, unknown>) : undefined, diagnostics }
}

describe('authorize', () => {
  it('finds what a path calls its variables', () => {
    const { args } = plan({ owner: { 'path.y': 'claim.accounts' }, claims: { plan: 'gold', n: [1, 2] } })
    expect(args).toMatchObject({
      match: 'all',
      owner: [{ index: 1, claim: 'accounts' }],
      claims: { plan: ['gold'], n: [1, 2] },
      verifiers: [{ name: 'key' }],
    })
  })

  it('refuses an owner of something that is not in the path', () => {
    expect(plan({ owner: { 'path.z': 'claim.accounts' } }).diagnostics).toMatchObject([{ code: 'authorize-owner' }])
  })

  it('refuses to judge callers that nothing verifies', () => {
    expect(plan({ roles: ['a'] }, []).diagnostics).toMatchObject([{ code: 'authorize-unverified' }])
    expect(plan({ roles: ['a'] }, [{ key: [] }], {}).diagnostics.map(({ code }) => code)).toContain(
      'authorize-unverified',
    )
  })
})
