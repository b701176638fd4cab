import { describe, expect, test } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan, type Reference } from '../../model/service-plan.ts'
import type { AnyPolicy } from '../define.ts'
import policy from './policy.ts'

/** Stands for the policy that refuses unknown parameters. */
const validateRequest: AnyPolicy = {
  name: 'validateRequest',
  key: 'validate',
  summary: '',
  levels: ['document'],
  options: {},
  default: {},
  instance: 'operation',
  lower: () => undefined,
}

const responses = { 200: { description: 'ok' } }

function lowered(operation: object, document: object = { 'x-proxy': { cache: {} } }, method = 'get') {
  const paths = { '/a': { [method]: { operationId: 'a', responses, ...operation } } }
  const { plan, diagnostics, instances } = planOf({ paths, ...document }, [validateRequest, policy])
  const call = plan.operations[0]!.policies.find((one) => one.policy === 'cache')?.value
  const argument = call instanceof CallPlan ? (call.args[0] as Record<string, unknown>) : undefined
  return { argument, diagnostics: diagnostics.map(({ code, message }) => `${code}: ${message}`), instances }
}

test('the defaults', () => {
  const { argument, instances } = lowered({})
  expect({ ...argument, store: (argument!['store'] as Reference).name }).toEqual({
    mode: 'rfc9111',
    staleWhileRevalidate: 0,
    staleIfError: 0,
    key: { query: [], headers: [], consumer: 'auto' },
    authenticated: false,
    coalesce: true,
    maxBody: 1024 * 1024,
    status: true,
    store: 'responses',
  })
  expect(instances).toEqual({ responses: { maxBytes: 64 * 1024 * 1024 } })
})

test('a ttl is a mode; durations are seconds, sizes bytes', () => {
  const cache = { ttl: '1m', staleWhileRevalidate: '90s', staleIfError: '1h', maxBody: '2KiB', maxBytes: '1MiB' }
  const { argument, instances } = lowered({}, { 'x-proxy': { cache } })
  expect(argument).toMatchObject({ mode: 'ttl', ttl: 60, staleWhileRevalidate: 90, staleIfError: 3600, maxBody: 2048 })
  expect(instances).toEqual({ responses: { maxBytes: 1024 * 1024 } })
})

test.each(['post', 'put', 'patch', 'delete', 'options'])('%s is not for the cache', (method) => {
  expect(lowered({}, undefined, method).argument).toBeUndefined()
})

test('an operation that asks for credentials, also where it can do without, is authenticated', () => {
  const components = { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } }
  const document = { 'x-proxy': { cache: {} }, components }
  for (const [security, authenticated] of [
    [[{ key: [] }], true],
    [[{}, { key: [] }], true],
    [[{}], false],
    [[], false],
  ] as const) {
    expect(lowered({ security }, document).argument).toMatchObject({ authenticated })
  }
})

describe('the query of the key', () => {
  const query = (schema: object, more: object = {}) => ({ name: 'p', in: 'query', schema, ...more })
  const closed = { type: 'object', properties: { x: {}, y: {} }, additionalProperties: false }
  const open = { type: 'object', properties: { x: {} } }

  test.each<[string, object, unknown]>([
    ['a scalar', query({ type: 'string' }), ['p']],
    ['an array', query({ type: 'array' }), ['p']],
    ['an object under its own name', query(open, { explode: false }), ['p']],
    ['a deep object', query(open, { style: 'deepObject' }), ['p[*]']],
    ['a closed object by its properties', query(closed), ['x', 'y']],
    ['an open object: any name', query(open), 'all'],
    ['no schema: any name', query({}), 'all'],
    ['a media type', { name: 'p', in: 'query', content: { 'application/json': {} } }, ['p']],
  ])('%s', (_, parameter, expected) => {
    const { argument } = lowered({ parameters: [parameter] })
    expect((argument!['key'] as { query: unknown }).query).toEqual(expected)
  })

  test.each<[object, unknown]>([
    [{ validate: { unknown: { query: 'strip' } } }, []],
    [{ validate: { unknown: { query: 'pass' } } }, 'all'],
    [{ validate: { request: 'detect' } }, 'all'],
    [{ validate: false }, 'all'],
    [{ validate: { unknown: { query: 'pass' } }, cache: { key: { query: 'declared' } } }, []],
    [{ cache: { key: { query: 'all' } } }, 'all'],
  ])('%j', (options, expected) => {
    const { argument } = lowered({}, { 'x-proxy': { cache: {}, ...options } })
    expect((argument!['key'] as { query: unknown }).query).toEqual(expected)
  })
})

test('the headers of the key: named ones, or with a ttl all', () => {
  const headers = (cache: object): unknown => {
    const { argument } = lowered({}, { 'x-proxy': { cache } })
    return (argument!['key'] as { headers: unknown }).headers
  }
  expect(headers({})).toEqual([])
  expect(headers({ ttl: '1s' })).toEqual('all')
  expect(headers({ ttl: '1s', key: { headers: ['Accept-Language', 'X-Region'] } })).toEqual([
    'accept-language',
    'x-region',
  ])
})

test.each<[object, object, string]>([
  [{ mode: 'ttl' }, {}, 'option-invalid: "cache.mode" needs "cache.ttl" beside it.'],
  [{ mode: 'rfc9111', ttl: '1s' }, {}, 'option-invalid: "cache.ttl" says nothing in "mode: rfc9111"'],
  [{}, { maxBytes: '1MiB' }, 'option-invalid: "cache.maxBytes" is the budget of the whole service'],
])('%j on the document and %j on the operation', (cache, own, expected) => {
  const { diagnostics } = lowered({ 'x-proxy': { cache: own } }, { 'x-proxy': { cache } })
  expect(diagnostics).toEqual([expect.stringContaining(expected)])
})

test('defaults belong to the key, as clients would send them', () => {
  const parameter = (name: string, schema: object, more: object = {}) => ({ name, in: 'query', schema, ...more })
  const list = { type: 'array', default: ['a b', 1] }
  const { argument } = lowered({
    parameters: [
      parameter('a', { type: 'integer', default: 20 }),
      parameter('b[]', list),
      parameter('c', list, { explode: false }),
      parameter('d', list, { style: 'spaceDelimited', explode: false }),
      parameter('e', list, { style: 'pipeDelimited', explode: false }),
      parameter('f', { type: 'array', default: [] }),
      parameter('g', { type: 'object', default: { x: 1 } }, { style: 'deepObject' }),
    ],
  })
  expect((argument!['key'] as { defaults: unknown }).defaults).toEqual({
    a: 'a=20',
    'b[]': 'b%5B%5D=a%20b&b%5B%5D=1',
    c: 'c=a%20b,1',
    d: 'd=a%20b%201',
    e: 'e=a%20b%7C1',
  })
})

test('declared headers and cookies belong to the key, unless headers are named', () => {
  const parameters = [
    { name: 'X-Region', in: 'header', schema: { type: 'string' } },
    { name: 'User-Agent', in: 'header', schema: { type: 'string' } },
    { name: 'theme', in: 'cookie', schema: { type: 'string' } },
  ]
  const key = (cache: object): unknown => lowered({ parameters }, { 'x-proxy': { cache } }).argument!['key']
  expect(key({})).toMatchObject({ headers: ['x-region'], cookies: ['theme'] })
  expect(key({ ttl: '1s' })).toMatchObject({ headers: 'all', cookies: ['theme'] })
  expect(key({ key: { headers: [] } })).not.toHaveProperty('cookies')
})
