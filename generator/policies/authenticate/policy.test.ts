import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import apiKey from '../api-key/policy.ts'
import presence from '../presence/policy.ts'
import policy from './policy.ts'

const policies = [policy, apiKey, presence]

const schemes = {
  'partner-key': { type: 'apiKey', in: 'header', name: 'X-API-Key', 'x-proxy': { apiKey: {} } },
  bearer: { type: 'openIdConnect', openIdConnectUrl: 'https://id.example' },
  mtls: { type: 'mutualTLS' },
}
const responses = { 200: { description: 'ok' } }

function plan(security: unknown, ...ofOperations: unknown[]) {
  const paths = Object.fromEntries(
    ofOperations.map((own, index) => [
      `/p${index}`,
      { get: { operationId: `op${index}`, responses, ...(own === undefined ? {} : { security: own }) } },
    ]),
  )
  return planOf({ security, paths, components: { securitySchemes: schemes } }, policies)
}

describe('authenticate', () => {
  it('keeps the boolean of the document, and shares one instance among operations that ask for the same', () => {
    const { instances, plan: made } = plan(
      [{ 'partner-key': [] }, { bearer: ['a.read'], mtls: ['admin'] }],
      undefined,
      undefined,
    )
    expect(instances['partnerKeyOrBearerAReadAndMtlsAdmin']).toEqual({
      anyOf: [
        ['→partnerKey'],
        [
          { verifier: '→bearer', scopes: ['a.read'] },
          { verifier: '→mtls', roles: ['admin'] },
        ],
      ],
    })
    expect(made.operations.map(({ policies }) => policies.map(({ policy }) => policy))).toEqual([
      ['authenticate'],
      ['authenticate'],
    ])
    expect(made.instances.filter(({ call }) => call.export === 'authenticate')).toHaveLength(1)
  })

  it('knows what is optional, and leaves alone what anybody may call', () => {
    const { instances, plan: made } = plan([{ 'partner-key': [] }], [{}, { 'partner-key': [] }], [], [{}], undefined)
    expect(instances['optionalPartnerKey']).toEqual({ anyOf: [['→partnerKey']], optional: true })
    expect(instances['byPartnerKey']).toEqual({ anyOf: [['→partnerKey']] })
    expect(made.operations.map(({ policies }) => policies.length)).toEqual([1, 0, 0, 1])
  })

  it('never takes two different demands for one', () => {
    const { plan: made } = plan(
      [],
      [{ bearer: ['a.b'] }],
      [{ bearer: ['a-b'] }],
      [{ bearer: ['a', 'b', 'c'] }],
      [{ bearer: ['x', 'y', 'z'] }],
    )
    expect(new Set(made.operations.map(({ policies }) => (policies[0]!.value as { name: string }).name)).size).toBe(4)
  })
})
