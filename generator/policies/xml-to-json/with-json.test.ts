import { expect, test } from 'vitest'
import { withJson } from './with-json.ts'

test('offers JSON of the same schema beside declared XML, without its examples', () => {
  const schema = { $ref: '#/components/schemas/Order' }
  const shown = withJson({
    description: 'd',
    content: { 'application/xml; charset=utf-8': { schema, example: '<a/>' } },
  })
  expect(shown).toEqual({
    description: 'd',
    content: { 'application/json': { schema }, 'application/xml; charset=utf-8': { schema, example: '<a/>' } },
  })
})

test('leaves what declares JSON, or no XML, as it is', () => {
  for (const content of [undefined, { 'application/json': {}, 'text/xml': {} }, { 'image/svg+xml': {} }]) {
    const response = { description: 'd', ...(content === undefined ? {} : { content }) }
    expect(withJson(response)).toBe(response)
  }
})
