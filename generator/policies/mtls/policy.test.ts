import { expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import authenticate from '../authenticate/policy.ts'
import policy from './policy.ts'

const listener = { cert: './s.pem', key: './s.key' }
const plan = (mtls: object, tls: object | undefined, scheme: object = { type: 'mutualTLS' }) =>
  planOf(
    {
      security: [{ partner: [] }],
      ...(tls === undefined ? {} : { 'x-proxy': { server: { tls } } }),
      paths: { '/x': { get: { responses: {} } } },
      components: { securitySchemes: { partner: { ...scheme, 'x-proxy': { mtls } } } },
    },
    [authenticate, policy],
  )

it('trusts whom the listener trusts', () => {
  const { instances, diagnostics } = plan({}, { ...listener, clientCa: './ca.pem' })
  expect(diagnostics).toEqual([])
  expect(instances['partner']).toEqual({ scheme: 'partner', realm: 'Test', consumerFrom: 'san' })
})

it('may have authorities and consumers of its own', () => {
  const { instances } = plan({ ca: './own.pem', consumers: './c.yaml', consumerFrom: 'subject' }, listener)
  expect(instances['partner']).toMatchObject({
    authorities: '→partnerAuthorities',
    consumers: '→partnerConsumers',
    consumerFrom: 'subject',
  })
  expect(instances['partnerAuthorities']).toEqual({ file: '→PARTNER_CA' })
})

it.each([
  ['no TLS', undefined],
  ['nobody asked', { ...listener, clientCa: './ca.pem', clientAuth: 'none' }],
  ['no authority', listener],
])('refuses what could never be met: %s', (_, tls) => {
  const codes = plan({}, tls).diagnostics.map(({ code }) => code)
  expect(codes).toContain('certificates-unseen')
})

it('refuses other schemes', () => {
  const { diagnostics } = plan({}, { ...listener, clientCa: './ca.pem' }, { type: 'http', scheme: 'basic' })
  expect(diagnostics).toMatchObject([{ code: 'verifier-unsuitable' }])
})
