import { expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import authenticate from '../authenticate/policy.ts'
import policy from './policy.ts'

const plan = (scheme: object) =>
  planOf(
    {
      security: [{ login: [] }],
      paths: { '/x': { get: { responses: {} } } },
      components: { securitySchemes: { login: { ...scheme, 'x-proxy': { basic: {} } } } },
    },
    [authenticate, policy],
  )

it('looks passwords up in the consumers file', () => {
  const { instances } = plan({ type: 'http', scheme: 'Basic' })
  expect(instances['login']).toEqual({ scheme: 'login', realm: 'Test', consumers: '→loginConsumers' })
  expect(instances['loginConsumers']).toEqual({ path: '→LOGIN_CONSUMERS' })
})

it('refuses other schemes', () => {
  expect(plan({ type: 'http', scheme: 'bearer' }).diagnostics).toMatchObject([{ code: 'verifier-unsuitable' }])
})
