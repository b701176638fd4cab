import { expect, test } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { withoutHiddenLinks } from './public-links.ts'

const links: JsonObject = {
  shown: { operationId: 'getA' },
  hidden: { operationId: 'getB', parameters: { secret: '$response.body#/secret' } },
  byRef: { operationRef: '#/paths/~1b/get' },
  byReference: { $ref: '#/components/links/B' },
  elsewhere: { operationRef: 'https://example.com/openapi.json#/paths/~1c/get' },
}
const document: JsonObject = {
  paths: {
    '/a': { get: { operationId: 'getA', responses: { '200': { links } } } },
    '/b': { get: { operationId: 'getB', responses: {} } },
  },
  components: {
    links: { A: { operationId: 'getA' }, B: { operationId: 'getB' } },
    responses: { R: { links: { hidden: { operationId: 'getB' } } } },
    schemas: { S: { properties: { links: { type: 'array' } } } },
  },
}

test('links that lead to what is not shown are taken out', () => {
  const made = withoutHiddenLinks(document, new Map([['/a', new Map([['GET', 'getA']])]]))
  expect(made).toEqual({
    paths: {
      '/a': {
        get: {
          operationId: 'getA',
          responses: { '200': { links: { shown: links['shown'], elsewhere: links['elsewhere'] } } },
        },
      },
      '/b': { get: { operationId: 'getB', responses: {} } },
    },
    components: {
      links: { A: { operationId: 'getA' } },
      responses: { R: { links: {} } },
      schemas: { S: { properties: { links: { type: 'array' } } } },
    },
  })
})

test('where everything is shown the document stays the same object', () => {
  const all = new Map([
    ['/a', new Map([['GET', 'getA']])],
    ['/b', new Map([['GET', 'getB']])],
  ])
  expect(withoutHiddenLinks(document, all)).toBe(document)
})
