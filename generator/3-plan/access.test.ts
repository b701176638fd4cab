import { expect, it } from 'vitest'
import { planOf } from '../../test/support/plan-of.ts'
import { policies } from '../policies/index.ts'

it.each<[string, object[] | undefined, string, string | undefined]>([
  ['nothing said', undefined, 'anybody', 'anybody'],
  ['nobody asked', [], 'anybody', 'anybody'],
  ['a verified scheme', [{ key: ['partner'] }], 'key (partner)', undefined],
  ['or nothing', [{ key: [] }, {}], 'key, or anybody', 'anybody'],
  ['an unverified scheme', [{ legacy: [] }], 'legacy, not verified', 'unverified'],
  ['an unverified scheme beside a verified one', [{ key: [], legacy: [] }], 'key and legacy, not verified', undefined],
  [
    'an unverified scheme instead of a verified one',
    [{ key: [] }, { legacy: [] }],
    'key, or legacy, not verified',
    'unverified',
  ],
  ['a certificate that nothing looks at', [{ cert: [] }, { key: [] }], 'cert, not verified, or key', undefined],
  ['a verifier that is switched off', [{ off: [] }], 'off, not verified', 'unverified'],
])('%s', (_, security, access, openTo) => {
  const { plan } = planOf(
    {
      servers: [{ url: 'https://upstream.example' }],
      paths: { '/x': { get: { ...(security && { security }), responses: { 200: { description: 'ok' } } } } },
      components: {
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': { apiKey: {} } },
          cert: { type: 'mutualTLS' },
          legacy: { type: 'http', scheme: 'digest' },
          off: { type: 'apiKey', in: 'header', name: 'X-Off', 'x-proxy': { apiKey: false } },
        },
      },
    },
    policies,
  )
  expect(plan.operations[0]).toMatchObject({ access, openTo })
})
