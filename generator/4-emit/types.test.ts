import { expect, test } from 'vitest'
import { typesFile } from './types.ts'

const document = (paths: object, components: object) => ({
  openapi: '3.2.0',
  info: { title: 'Test', version: '1' },
  paths,
  components,
})

test('puts shared media types where they are used', () => {
  const content = { 'application/json': { $ref: '#/components/mediaTypes/a~1b' } }
  const text = typesFile(
    document(
      { '/x': { get: { operationId: 'x', responses: { 200: { description: 'ok', content } } } } },
      { mediaTypes: { 'a/b': { schema: { type: 'string', enum: ['only here'] } } } },
    ) as never,
  )
  expect(text).toContain('"application/json": "only here"')
  expect(text).not.toContain('mediaTypes')
})
