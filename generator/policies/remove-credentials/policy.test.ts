import { expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import apiKey from '../api-key/policy.ts'
import authenticate from '../authenticate/policy.ts'
import jwt from '../jwt/policy.ts'
import presence from '../presence/policy.ts'
import policy from './policy.ts'

const token = { jwt: { issuer: 'https://id.example', audience: 'x' } }
const schemes = {
  key: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': { apiKey: {} } },
  query: { type: 'apiKey', in: 'query', name: 'k', 'x-proxy': { apiKey: {} } },
  bearer: { type: 'http', scheme: 'bearer', 'x-proxy': token },
  other: { type: 'http', scheme: 'bearer' },
  unused: { type: 'apiKey', in: 'cookie', name: 'c', 'x-proxy': { apiKey: {} } },
}
const removed = (paths: Record<string, object>): unknown[] => {
  const items = Object.entries(paths).map(([path, get]) => [path, { get: { responses: {}, ...get } }])
  const { plan, instances } = planOf({ paths: Object.fromEntries(items), components: { securitySchemes: schemes } }, [
    authenticate,
    policy,
    apiKey,
    jwt,
    presence,
  ])
  return plan.operations.map(({ policies }) => {
    const mine = policies.find((one) => one.policy === 'removeCredentials')?.value
    return mine === undefined ? [] : (instances[(mine as { name: string }).name] as { verifiers: string[] }).verifiers
  })
}

it('removes what other operations verify, where it is neither asked for nor a parameter', () => {
  const asks = {
    '/k': { security: [{ key: [] }] },
    '/q': { security: [{ query: [] }] },
    '/b': { security: [{ bearer: [] }] },
  }
  expect(
    removed({
      ...asks,
      '/open': { security: [] },
      '/forwards': { security: [{ other: [] }] },
      '/parameter': {
        security: [{}],
        parameters: [
          { name: 'x-key', in: 'header', schema: {} },
          { name: 'K', in: 'query', schema: {} },
        ],
      },
    }),
  ).toEqual([
    ['→query', '→bearer'],
    ['→key', '→bearer'],
    ['→key', '→query'],
    ['→key', '→query', '→bearer'],
    ['→key', '→query'],
    ['→query', '→bearer'],
  ])
})

it('is not there where nothing is verified', () => {
  expect(removed({ '/x': { security: [{ other: [] }] }, '/y': {} })).toEqual([[], []])
})
