import { expect, test } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import cache from '../cache/policy.ts'
import policy from './policy.ts'

const responses = { 200: { description: 'ok' } }

/** Methods of `/a` that invalidate, and the constants of the service. */
function invalidating(item: object, document: object = {}) {
  const paths = { '/a': item, '/b': { get: { responses }, put: { responses } } }
  const { plan, instances } = planOf({ paths, ...document }, [cache, policy])
  const methods = plan.operations
    .filter(({ path, policies }) => path === '/a' && policies.some((one) => one.policy === 'cacheInvalidation'))
    .map(({ method }) => method)
  return { methods: methods.sort(), instances }
}

const all = Object.fromEntries(
  ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'].map((one) => [one, { responses }]),
)
const unsafe = ['DELETE', 'PATCH', 'POST', 'PUT']

test('unsafe methods of a path whose answers may be stored', () => {
  const proxied = { responses, 'x-proxy': { cache: {} } }
  expect(invalidating(all, { 'x-proxy': { cache: {} } }).methods).toEqual(unsafe)
  expect(invalidating({ ...all, 'x-proxy': { cache: {} } }).methods).toEqual(unsafe)
  expect(invalidating({ ...all, get: proxied }).methods).toEqual(unsafe)
  expect(invalidating({ ...all, put: { responses, 'x-proxy': { cache: false } }, get: proxied }).methods).toEqual(
    unsafe,
  )
  expect(invalidating(all).methods).toEqual([])
  expect(invalidating(all, { 'x-proxy': { cache: false } }).methods).toEqual([])
})

test('they share the store of the operations that fill it', () => {
  const document = { 'x-proxy': { cache: { maxBytes: '1MiB' } } }
  expect(invalidating(all, document).instances).toEqual({ responses: { maxBytes: 1024 * 1024 } })
})
