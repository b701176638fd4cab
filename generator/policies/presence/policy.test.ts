import { expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import authenticate from '../authenticate/policy.ts'
import policy from './policy.ts'

const policies = [authenticate, policy]

it.each<[string, object, unknown]>([
  ['apiKey', { type: 'apiKey', in: 'query', name: 'k' }, { in: 'query', name: 'k' }],
  ['http', { type: 'http', scheme: 'Bearer' }, { authorization: 'bearer' }],
  ['oauth2', { type: 'oauth2', flows: {} }, { authorization: 'bearer' }],
  ['openIdConnect', { type: 'openIdConnect', openIdConnectUrl: 'https://id.example' }, { authorization: 'bearer' }],
  ['mutualTLS', { type: 'mutualTLS' }, null],
])('looks for the credential of %s, and warns', (_, scheme, credential) => {
  const { instances, diagnostics } = planOf(
    {
      security: [{ s: [] }],
      paths: { '/x': { get: { responses: { 200: { description: 'ok' } } }, put: { responses: {} } } },
      components: { securitySchemes: { s: scheme } },
    },
    policies,
  )
  expect(instances['s']).toEqual({ scheme: 's', realm: 'Test', credential })
  expect(diagnostics.map(({ code, severity, place }) => [code, severity, place.pointer])).toEqual([
    ['scheme-unverified', 'warning', '/components/securitySchemes/s'],
  ])
})
