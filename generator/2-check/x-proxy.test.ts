import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type AnyPolicy, definePolicy } from '../policies/define.ts'
import { Reporter } from '../report/reporter.ts'
import { checkDocument } from './check.ts'
import { treeOf } from './tree.test-support.ts'

const limit = definePolicy<(options: object) => unknown, object>({
  name: 'limit',
  summary: '',
  levels: ['document', 'path', 'operation'],
  each: true,
  options: {
    type: 'object',
    properties: {
      quota: { type: 'integer', minimum: 1 },
      window: { type: 'string', format: 'duration' },
      by: {
        anyOf: [{ enum: ['address', 'consumer'] }, { type: 'object', properties: { header: { type: 'string' } } }],
      },
    },
    required: ['quota', 'window'],
    additionalProperties: false,
  },
  instance: 'shared',
  lower: (options) => [options],
})

const half = (name: string, property: string): AnyPolicy =>
  definePolicy<(options: object) => unknown, object>({
    name,
    key: 'check',
    summary: '',
    levels: ['document', 'operation'],
    options: { type: 'object', properties: { [property]: { enum: ['on', 'off'] } }, additionalProperties: false },
    instance: 'shared',
    lower: (options) => [options],
  })

const verifier = (name: string): AnyPolicy =>
  definePolicy<(options: object) => unknown, object>({
    name,
    summary: '',
    levels: ['scheme'],
    options: {
      type: 'object',
      properties: { secret: { type: 'string', format: 'secret' }, file: { type: 'string' } },
      oneOf: [{ required: ['secret'] }, { required: ['file'] }],
      additionalProperties: false,
    },
    instance: 'scheme',
    lower: (options) => [options],
  })

const mark = definePolicy<(options: object) => unknown, object>({
  name: 'mark',
  summary: '',
  levels: ['schema'],
  options: { enum: ['mask', 'drop'] },
  instance: 'operation',
  lower: () => undefined,
})

const policies: readonly AnyPolicy[] = [
  limit,
  half('one', 'request'),
  half('two', 'response'),
  verifier('key'),
  verifier('token'),
  mark,
]

/** Code and place of each finding. */
function check(text: string): string[] {
  const reporter = new Reporter()
  checkDocument(treeOf(parse(text)), reporter, { policies, version: '3.1' })
  return reporter.diagnostics.map(({ code, place }) => `${code} ${place.at === 'key' ? 'key ' : ''}${place.pointer}`)
}

const head = `openapi: 3.1.1\ninfo: { title: T, version: '1' }\n`
const service = (proxy: string, operation = '{}'): string =>
  `${head}x-proxy: ${proxy}\npaths:\n  /a:\n    get: { responses: { '200': { description: ok } }, x-proxy: ${operation} }\n`
const operation = '/paths/~1a/get/x-proxy'

describe('a policy', () => {
  test.each([
    ['{ limit: { a: { quota: 1, window: 1s } } }', '{}', []],
    // One level may say what another leaves out.
    ['{ limit: { a: { quota: 1 } } }', '{ limit: { a: { window: 1s } } }', []],
    ['{ limit: { a: { quota: 1 } } }', '{}', ['option-missing key /x-proxy/limit/a']],
    ['{}', '{ limit: { a: { quota: 1 } } }', [`option-missing key ${operation}/limit/a`]],
    // What is off needs nothing.
    ['{ limit: { a: { quota: 1 } } }', '{ limit: false }', []],
    ['{ limit: { a: { quota: 1 } } }', '{ limit: { a: false } }', []],
    ['{ limit: { a: { quota: 1, enabled: false } } }', '{}', []],
    ['{ limit: { enabled: false } }', '{}', []],
    ['{ limit: { a: { enabled: 1 } } }', '{ limit: false }', ['option-invalid /x-proxy/limit/a/enabled']],
    ['{ limit: 5 }', '{ limit: false }', ['option-invalid /x-proxy/limit']],
    ['{ limit: { a: 5 } }', '{ limit: false }', ['option-invalid /x-proxy/limit/a']],
    // Each fault at its own place, once.
    [
      '{ limit: { a: { quota: 0, window: 1x, windw: 1s } } }',
      '{ limit: { a: { by: nobody } } }',
      [
        'unknown-key key /x-proxy/limit/a/windw',
        'option-invalid /x-proxy/limit/a/quota',
        'option-invalid /x-proxy/limit/a/window',
        `option-invalid ${operation}/limit/a/by`,
      ],
    ],
    [
      '{ limit: { a: { quota: 1, window: 1s, by: { header: 5 } } } }',
      '{}',
      ['option-invalid /x-proxy/limit/a/by/header'],
    ],
  ])('%s and %s', (document, own, expected) => {
    expect(check(service(document, own)).sort()).toEqual([...expected].sort())
  })
})

test('policies of one key take their own options of the same object', () => {
  expect(check(service('{ check: { request: on, response: off } }'))).toEqual([])
  expect(check(service('{ check: { request: 1, reqest: on } }')).sort()).toEqual([
    'option-invalid /x-proxy/check/request',
    'unknown-key key /x-proxy/check/reqest',
  ])
})

describe('a security scheme', () => {
  const scheme = (proxy: string): string =>
    `${head}components: { securitySchemes: { a: { type: http, scheme: basic, x-proxy: ${proxy} } } }\n`
  const place = '/components/securitySchemes/a/x-proxy'
  test.each([
    ["{ key: { secret: '${env:KEY}' } }", []],
    ["{ key: { secret: '${file:/run/secrets/key}' } }", []],
    ['{ key: { secret: hunter2 } }', [`secret-literal ${place}/key/secret`]],
    ['{ key: { file: a }, token: { file: b } }', [`verifier-conflict key ${place}/token`]],
    ['{ key: { file: a }, token: false }', []],
    ['{ limit: {} }', [`wrong-level key ${place}/limit`]],
  ])('%s', (proxy, expected) => {
    expect(check(scheme(proxy))).toEqual(expected)
  })
})

test('a schema', () => {
  const schema = (proxy: string): string =>
    `${head}components: { schemas: { a: { type: string, x-proxy: ${proxy} } } }\n`
  expect(check(schema('{ mark: mask }'))).toEqual([])
  expect(check(schema('{ mark: hide }'))).toEqual(['option-invalid /components/schemas/a/x-proxy/mark'])
})

describe('groups', () => {
  const grouped = (group: string, uses: string): string =>
    `${service(uses)}components: { x-proxy: { policies: { shared: ${group} } } }\n`
  test.each([
    ['{ limit: { a: { quota: 1, window: 1s } } }', '{ use: [shared] }', []],
    ['{ limit: { a: { quota: 1 } } }', '{ use: [shared], limit: { a: { window: 1s } } }', []],
    [
      '{ limit: { a: { quota: 1 } } }',
      '{ use: [shared] }',
      ['option-missing key /components/x-proxy/policies/shared/limit/a'],
    ],
    ['{ limt: {} }', '{ use: [shared] }', ['unknown-key key /components/x-proxy/policies/shared/limt']],
    ['{ quota: 1, window: 1s }', "{ limit: { a: { $ref: '#/components/x-proxy/policies/shared' } } }", []],
    [
      '{ quota: 0, window: 1s }',
      "{ limit: { a: { $ref: '#/components/x-proxy/policies/shared' } } }",
      ['option-invalid /components/x-proxy/policies/shared/quota'],
    ],
    [
      "{ $ref: '#/components/x-proxy/policies/shared' }",
      '{}',
      ['reference-endless /components/x-proxy/policies/shared/$ref'],
    ],
  ])('%s used as %s', (group, uses, expected) => {
    expect(check(grouped(group, uses))).toEqual(expected)
  })
})

test('names of the author that mean something to JavaScript are names', () => {
  expect(
    check(service('{ limit: { __proto__: { quota: 0, window: 1s }, constructor: { quota: 1, window: 1s } } }')),
  ).toEqual(['option-invalid /x-proxy/limit/__proto__/quota'])
  expect(check(service('{ constructor: {}, __proto__: {} }'))).toEqual([
    'unknown-key key /x-proxy/constructor',
    'unknown-key key /x-proxy/__proto__',
  ])
})
