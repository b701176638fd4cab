import { describe, expect, test } from 'vitest'
import { treeOf } from '../../test/support/tree-of.ts'
import { mergeValues, ProxyOptions } from './options.ts'

const { root } = treeOf({
  'x-proxy': {
    cache: { ttl: '30s', key: { query: 'declared' } },
    rateLimit: { burst: { quota: 20, window: '1s' }, sustained: { quota: 600, window: '1m' } },
  },
  paths: {
    '/a': {
      'x-proxy': { cache: false, rateLimit: { burst: { quota: 5 } } },
      get: { 'x-proxy': { cache: { ttl: '5s' }, use: ['gentle'] } },
      post: { 'x-proxy': { rateLimit: false } },
      put: { 'x-proxy': { rateLimit: { own: { $ref: '#/components/x-proxy/policies/slow', quota: 2 } } } },
    },
  },
  components: {
    'x-proxy': {
      policies: { gentle: { timeout: { total: '5s' }, cache: { ttl: '1s' } }, slow: { quota: 1, window: '1h' } },
    },
  },
})
const pathItem = root.path('paths', '/a')
const of = (method: string): ProxyOptions => new ProxyOptions(root, pathItem, pathItem?.get(method))

describe('ProxyOptions', () => {
  test('objects merge by key, scalars replace, and an object written further in undoes false', () => {
    expect(of('get').get('cache')).toMatchObject({ value: { ttl: '5s' }, level: 2 })
    expect(new ProxyOptions(root).get('cache')).toMatchObject({ value: { ttl: '30s' }, level: 0 })
    expect(of('post').get('cache')).toMatchObject({ value: false, level: 1 })
  })

  test('a member of a map has the level of whoever wrote it last', () => {
    expect(of('get').member('rateLimit', 'burst')).toMatchObject({ value: { quota: 5, window: '1s' }, level: 1 })
    expect(of('get').member('rateLimit', 'sustained')).toMatchObject({ value: { quota: 600, window: '1m' }, level: 0 })
    expect(of('post').member('rateLimit', 'burst')).toBeUndefined()
  })

  test('groups that `use` names come before what is written beside it', () => {
    expect(of('get').get('timeout')?.value).toEqual({ total: '5s' })
    expect(of('get').get('cache')?.value).toEqual({ ttl: '5s' })
  })

  test('siblings of a $ref into components.x-proxy override what it names', () => {
    expect(of('put').member('rateLimit', 'own')?.value).toEqual({ quota: 2, window: '1h' })
  })

  test('the place is that of the innermost writer', () => {
    expect(of('get').get('cache')?.node.place.pointer).toBe('/paths/~1a/get/x-proxy/cache')
  })

  test('keys called __proto__ stay keys', () => {
    const merged = mergeValues(JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"b": 2}}'))
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1,"b":2}}')
    expect(({} as { a?: number }).a).toBeUndefined()
  })
})
