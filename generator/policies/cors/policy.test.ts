import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import type { CallPlan } from '../../model/service-plan.ts'
import authenticate from '../authenticate/policy.ts'
import presence from '../presence/policy.ts'
import policy from './policy.ts'

const plan = (options: object) =>
  planOf(
    {
      'x-proxy': { cors: options },
      security: [{ key: [], token: [] }],
      paths: {
        '/x': {
          put: {
            parameters: [{ name: 'If-Match', in: 'header', schema: { type: 'string' } }],
            requestBody: { content: { 'application/json': {} } },
            responses: {},
          },
        },
      },
      components: {
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'X-Key' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    [policy, authenticate, presence],
  )
const origins = ['https://app.example']

describe('cors', () => {
  it('lets pages send what the contract declares', () => {
    const { plan: made } = plan({ origins, maxAge: '10m' })
    const call = made.operations[0]!.policies[0]!.value as CallPlan
    expect(call.args).toEqual([
      {
        origins,
        headers: ['If-Match', 'X-Key', 'Authorization', 'Content-Type'],
        expose: [],
        credentials: false,
        maxAge: 600,
      },
    ])
    expect(made.server['cors']).toEqual({ origins, headers: [], expose: [], credentials: false })
  })

  it.each<[object]>([
    [{ origins: ['*'], credentials: true }],
    [{ origins: ['*', ...origins] }],
    [{ origins: ['https://app.example/'] }],
    [{ origins: ['https://app.example:443'] }],
    [{ origins: ['https://*.example'] }],
    [{ origins: ['https://*'] }],
    [{ origins: ['https://a*.app.example'] }],
    [{ origins: ['https://app.*.example'] }],
  ])('refuses %j', (options) => {
    expect(plan(options).diagnostics.filter(({ code }) => code === 'option-invalid')).toHaveLength(1)
  })

  it.each(['https://*.app.example', 'http://localhost:*', 'http://127.0.0.1:8080', 'http://[::1]:3000'])(
    'takes %s',
    (origin) => {
      expect(plan({ origins: [origin] }).diagnostics.filter(({ code }) => code === 'option-invalid')).toEqual([])
    },
  )
})
