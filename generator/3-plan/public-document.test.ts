import { expect, test } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { publicDocument, withoutExtensions } from './public-document.ts'

const document: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'T', version: '1', 'x-proxy': { name: 'x' } },
  servers: [{ url: 'https://inside.example/v1' }],
  security: [{ key: [] }],
  paths: {
    '/shown': {
      servers: [{ url: 'https://inside-too.example' }],
      get: {
        'x-proxy': { cache: {} },
        responses: {
          '200': {
            description: 'd',
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/A' }, example: { 'x-proxy': 'data' } },
            },
          },
        },
      },
      delete: { responses: { '204': { description: 'd' } } },
    },
    '/hidden': { get: { responses: { '200': { $ref: '#/components/responses/Secret' } } } },
  },
  components: {
    schemas: {
      A: { type: 'object', properties: { 'x-proxy': { type: 'string' }, b: { $ref: '#/components/schemas/B~1x' } } },
      'B/x': { type: 'string', 'x-proxy': { sensitive: 'mask' } },
      Unused: { type: 'string' },
    },
    responses: { Secret: { description: 's' } },
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'k', 'x-proxy': { apiKey: {} } },
      other: { type: 'http', scheme: 'basic' },
    },
    'x-proxy': { stores: {} },
  },
}

const shown = publicDocument(withoutExtensions(document), {
  shown: new Map([['/shown', new Map([['GET', 'getShown']])]]),
  basePath: '/v1',
})

test('shows what callers may see and nothing of the inside', () => {
  expect(shown['servers']).toEqual([{ url: '/v1' }])
  expect(Object.keys(shown['paths'] as object)).toEqual(['/shown'])
  expect(JSON.stringify(shown)).not.toMatch(/inside|cache|Unused|Secret|sensitive|delete/)
})

test('keeps every component that what is shown refers to, and no other', () => {
  const components = shown['components'] as Record<string, object>
  expect(Object.keys(components['schemas']!)).toEqual(['A', 'B/x'])
  expect(Object.keys(components['securitySchemes']!)).toEqual(['key'])
  expect(components['responses']).toBeUndefined()
})

test('leaves data alone: a property or an example may be called x-proxy', () => {
  expect(JSON.stringify(shown)).toContain('"properties":{"x-proxy":{"type":"string"}')
  expect(JSON.stringify(shown)).toContain('"example":{"x-proxy":"data"}')
})

test('of additional operations, too, only those that are shown are told of', () => {
  const paths: JsonObject = {
    '/a': { additionalOperations: { LINK: { responses: {} }, UNLINK: { responses: {} } } },
  }
  const view = { shown: new Map([['/a', new Map([['LINK', 'linkA']])]]), basePath: '' }
  expect(publicDocument({ openapi: '3.2.0', paths }, view)['paths']).toEqual({
    '/a': { additionalOperations: { LINK: { responses: {}, operationId: 'linkA' } } },
  })
})

test('says 3.2 where it holds what 3.2 has added, and keeps no tag of what is not shown', () => {
  const responses = { '200': {} }
  const made = publicDocument(
    {
      openapi: '3.1.1',
      jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
      tags: [{ name: 'all' }, { name: 'shown', parent: 'all' }, { name: 'secret' }, { name: 'unused' }],
      paths: {
        '/a': { additionalOperations: { COPY: { tags: ['shown'], responses } } },
        '/b': { get: { tags: ['secret', 'all'], responses } },
      },
    },
    { shown: new Map([['/a', new Map([['COPY', 'copyA']])]]), basePath: '' },
  )
  expect(made).toEqual({
    openapi: '3.2.0',
    servers: [{ url: '/' }],
    tags: [{ name: 'all' }, { name: 'shown', parent: 'all' }, { name: 'unused' }],
    paths: { '/a': { additionalOperations: { COPY: { tags: ['shown'], responses, operationId: 'copyA' } } } },
  })
})

test('an alternative that names no scheme is not shown', () => {
  const get = { security: [{ key: [] }, { gone: [] }], responses: {} }
  const shown = publicDocument(
    {
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      security: [{ gone: [] }, { key: [] }],
      paths: { '/a': { get } },
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'k' } } },
    },
    { shown: new Map([['/a', new Map([['GET', 'a']])]]), basePath: '' },
  )
  expect(shown).toMatchObject({ security: [{ key: [] }], paths: { '/a': { get: { security: [{ key: [] }] } } } })
  expect(get.security).toHaveLength(2)
})
