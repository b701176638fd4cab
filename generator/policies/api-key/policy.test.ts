import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import authenticate from '../authenticate/policy.ts'
import policy from './policy.ts'

const policies = [authenticate, policy]

const plan = (...schemes: [string, object][]) =>
  planOf(
    {
      security: schemes.map(([name]) => ({ [name]: [] })),
      paths: { '/x': { get: { responses: { 200: { description: 'ok' } } } } },
      components: { securitySchemes: Object.fromEntries(schemes) },
    },
    policies,
  )
const scheme = (options: unknown, more: object = {}): object => ({
  type: 'apiKey',
  in: 'header',
  name: 'X-API-Key',
  ...more,
  'x-proxy': { apiKey: options },
})

describe('apiKey', () => {
  it('takes the consumers file beside the document where none is named', () => {
    const { instances, plan: made } = plan(['partnerKey', scheme({})])
    expect(instances['partnerKey']).toEqual({
      scheme: 'partnerKey',
      in: 'header',
      name: 'X-API-Key',
      realm: 'Test',
      consumers: '→partnerKeyConsumers',
      forward: false,
    })
    expect(instances['partnerKeyConsumers']).toEqual({ path: '→PARTNER_KEY_CONSUMERS' })
    expect(made.resources).toEqual(['partnerKeyConsumers'])
    expect(made.settings.find(({ name }) => name === 'PARTNER_KEY_CONSUMERS')).toMatchObject({
      env: 'PARTNER_KEY_CONSUMERS',
      default: '../../specs/test.consumers.yaml',
    })
  })

  it('takes the file that is named, relative to the document', () => {
    const { plan: made } = plan(['k', scheme({ consumers: '../keys/who.yaml', forward: true })])
    expect(made.settings.find(({ name }) => name === 'K_CONSUMERS')?.default).toBe('../../keys/who.yaml')
  })

  it('takes a store, once for all schemes that name it, or a setting', () => {
    const { instances, plan: made } = planOf(
      {
        security: [{ a: [], b: [], c: [] }],
        paths: { '/x': { get: { responses: { 200: { description: 'ok' } } } } },
        components: {
          'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL}' } } },
          securitySchemes: {
            a: scheme({ consumers: 'main' }),
            b: scheme({ consumers: 'main' }, { name: 'X-B' }),
            c: scheme({ consumers: '${env:KEYS}' }, { name: 'X-C' }),
          },
        },
      },
      policies,
    )
    expect(instances['a']).toMatchObject({ consumers: '→mainConsumers' })
    expect(instances['b']).toMatchObject({ consumers: '→mainConsumers' })
    expect(instances['mainConsumers']).toEqual({ store: '→mainStore' })
    expect(instances['cConsumers']).toEqual({ text: '→KEYS', scheme: 'c' })
    expect(made.resources).toEqual(['mainStore', 'mainConsumers', 'cConsumers'])
  })

  it('gives schemes of similar names settings of their own', () => {
    const { plan: made } = plan(
      ['a-key', scheme({ consumers: 'a.yaml' })],
      ['aKey', scheme({ consumers: 'b.yaml' })],
      ['1', scheme({})],
    )
    const defaults = made.settings
      .filter(({ name }) => name.endsWith('_CONSUMERS'))
      .map((one) => [one.name, one.default])
    expect(Object.fromEntries(defaults)).toEqual({
      A_KEY_CONSUMERS: '../../specs/a.yaml',
      A_KEY_2_CONSUMERS: '../../specs/b.yaml',
      SCHEME_1_CONSUMERS: '../../specs/test.consumers.yaml',
    })
  })

  it('refuses a scheme of another type', () => {
    const { diagnostics } = plan(['b', { type: 'http', scheme: 'bearer', 'x-proxy': { apiKey: {} } }])
    expect(diagnostics).toMatchObject([
      { code: 'verifier-unsuitable', place: { pointer: '/components/securitySchemes/b/x-proxy/apiKey' } },
    ])
  })
})
