import { expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import authenticate from '../authenticate/policy.ts'
import policy from './policy.ts'

const options = { endpoint: 'https://id.example/introspect', clientId: 'orders', clientSecret: '${env:SECRET}' }
const plan = (more: object, scheme: object = { type: 'oauth2', flows: {} }) =>
  planOf(
    {
      security: [{ token: [] }],
      paths: { '/x': { get: { responses: {} } } },
      components: { securitySchemes: { token: { ...scheme, 'x-proxy': { introspection: { ...options, ...more } } } } },
    },
    [authenticate, policy],
  )

it('settles every option', () => {
  expect(plan({ cache: '5s', audience: 'a' }).instances['token']).toEqual({
    scheme: 'token',
    realm: 'Test',
    endpoint: options.endpoint,
    clientId: 'orders',
    clientSecret: '→SECRET',
    cacheMs: 5000,
    audience: ['a'],
    rolesClaim: 'roles',
    forward: false,
  })
})

it('refuses other schemes and open lines', () => {
  expect(plan({}, { type: 'http', scheme: 'basic' }).diagnostics).toMatchObject([{ code: 'verifier-unsuitable' }])
  expect(plan({ endpoint: 'http://id.example/introspect' }).diagnostics).toMatchObject([{ code: 'keys-unsuitable' }])
})
