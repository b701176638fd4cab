import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import authenticate from '../authenticate/policy.ts'
import policy from './policy.ts'

const plan = (options: unknown, scheme: object = { type: 'http', scheme: 'bearer' }) =>
  planOf(
    {
      security: [{ token: ['read'] }],
      paths: { '/x': { get: { responses: { 200: { description: 'ok' } } } } },
      components: { securitySchemes: { token: { ...scheme, 'x-proxy': { jwt: options } } } },
    },
    [authenticate, policy],
  )
const issuer = 'https://id.example'
const openId = { type: 'openIdConnect', openIdConnectUrl: `${issuer}/meta` }

describe('jwt', () => {
  it('settles every option at compile time', () => {
    const { instances, plan: made } = plan({ issuer, audience: 'orders' }, openId)
    expect(instances['token']).toEqual({
      scheme: 'token',
      realm: 'Test',
      keys: '→tokenKeys',
      issuer,
      audience: ['orders'],
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      clockSkew: 30,
      require: [],
      rolesClaim: 'roles',
      forward: false,
    })
    expect(instances['tokenKeys']).toEqual({ issuer, jwksUri: '', metadata: '→TOKEN_METADATA_URL' })
    expect(made.settings.find(({ name }) => name === 'TOKEN_METADATA_URL')?.default).toBe(`${issuer}/meta`)
    expect(made.resources).toEqual(['tokenKeys'])
  })

  it('asks for scopes of tokens by OAuth and OpenID Connect, and for roles of others', () => {
    expect(plan({ issuer, audience: 'a' }, openId).instances['byTokenRead']).toEqual({
      anyOf: [[{ verifier: '→token', scopes: ['read'] }]],
    })
    expect(plan({ issuer, audience: 'a' }).instances['byTokenRead']).toEqual({
      anyOf: [[{ verifier: '→token', roles: ['read'] }]],
    })
  })

  it('takes keys from an address, a file, a setting or the document', () => {
    expect(plan({ issuer, audience: 'a', jwksUri: `${issuer}/k` }).instances['tokenKeys']).toEqual({
      issuer,
      jwksUri: `${issuer}/k`,
      metadata: '',
    })
    expect(plan({ issuer, audience: 'a', jwks: './keys.json' }).instances['tokenKeys']).toEqual({ path: '→TOKEN_JWKS' })
    expect(plan({ issuer, audience: 'a', jwks: '${file:/run/jwks}' }).instances['tokenKeys']).toEqual({
      text: '→RUN_JWKS',
    })
    const jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA' }] }
    expect(plan({ issuer, audience: 'a', jwks }).instances['tokenKeys']).toEqual({ text: JSON.stringify(jwks) })
  })

  it('reads issuer and audience from settings', () => {
    const { instances } = plan({ issuer: '${env:ISSUER}', audience: ['${env:AUDIENCE}', 'b'] })
    expect(instances['token']).toMatchObject({ issuer: '→ISSUER', audience: ['→AUDIENCE', 'b'] })
  })

  it.each<[string, object]>([
    ['keys over an open line', { issuer, audience: 'a', jwksUri: 'http://id.example/jwks' }],
    ['an issuer that is no address, without keys', { issuer: 'us', audience: 'a' }],
    ['two sources', { issuer, audience: 'a', jwksUri: `${issuer}/k`, jwks: 'k.json' }],
    ['a private key', { issuer, audience: 'a', jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }] } }],
    ['no keys', { issuer, audience: 'a', jwks: { keys: [] } }],
  ])('refuses %s', (_, options) => {
    expect(plan(options).diagnostics).toMatchObject([{ code: 'keys-unsuitable' }])
  })

  it('refuses other schemes, and clocks that differ by hours', () => {
    expect(plan({ issuer, audience: 'a' }, { type: 'http', scheme: 'basic' }).diagnostics).toMatchObject([
      { code: 'verifier-unsuitable' },
    ])
    expect(plan({ issuer, audience: 'a', clockSkew: '1h' }).diagnostics).toMatchObject([{ code: 'option-invalid' }])
  })
})
