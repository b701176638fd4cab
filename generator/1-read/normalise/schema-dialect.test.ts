import { expect, test } from 'vitest'
import { readFiles } from '../testing/read-files.ts'

const read = (version: string, schema: string) =>
  readFiles({
    'a.yaml': `openapi: ${version}\npaths: {}\ncomponents:\n  schemas:\n    B: { type: object }\n    A: ${schema}\n`,
  })

test.each<[string, string, unknown]>([
  ['a type', '{ type: string, nullable: true }', { type: ['string', 'null'] }],
  ['false', '{ type: string, nullable: false }', { type: 'string' }],
  ['an enum', '{ type: string, enum: [a], nullable: true }', { type: ['string', 'null'], enum: ['a', null] }],
  ['an enum with null', '{ enum: [a, null], nullable: true }', { enum: ['a', null] }],
  ['nothing else', '{ nullable: true, properties: {} }', { properties: {} }],
  [
    'a reference',
    '{ $ref: "#/components/schemas/B", nullable: true }',
    { anyOf: [{ $ref: '#/components/schemas/B' }, { type: 'null' }] },
  ],
  [
    'allOf, annotations outside',
    '{ allOf: [{ $ref: "#/components/schemas/B" }], nullable: true, description: d, x-proxy: 1 }',
    { description: 'd', 'x-proxy': 1, anyOf: [{ allOf: [{ $ref: '#/components/schemas/B' }] }, { type: 'null' }] },
  ],
  [
    'oneOf with a discriminator',
    '{ oneOf: [{ $ref: "#/components/schemas/B" }], discriminator: { propertyName: k }, nullable: true }',
    {
      anyOf: [{ oneOf: [{ $ref: '#/components/schemas/B' }], discriminator: { propertyName: 'k' } }, { type: 'null' }],
    },
  ],
])('nullable with %s', async (_, schema, expected) => {
  const { value, found } = await read('3.0.3', schema)
  expect(found).toEqual([])
  expect(value.components.schemas.A).toEqual(expected)
})

test.each<[string, unknown]>([
  ['{ minimum: 1, exclusiveMinimum: true }', { exclusiveMinimum: 1 }],
  ['{ minimum: 1, exclusiveMinimum: false }', { minimum: 1 }],
  ['{ exclusiveMaximum: true }', {}],
  ['{ maximum: 9, exclusiveMaximum: true, minimum: 1 }', { exclusiveMaximum: 9, minimum: 1 }],
  ['{ example: 5 }', { examples: [5] }],
  ['{ type: file }', { type: 'string', format: 'binary' }],
  [
    '{ $ref: "#/components/schemas/B", description: d, maxLength: 3, x-a: 1 }',
    { $ref: '#/components/schemas/B', 'x-a': 1 },
  ],
  [
    '{ properties: { example: { type: string }, nullable: { type: boolean, nullable: true } } }',
    { properties: { example: { type: 'string' }, nullable: { type: ['boolean', 'null'] } } },
  ],
])('3.0: %s', async (schema, expected) => {
  const { value, found } = await read('3.0.3', schema)
  expect(found).toEqual([])
  expect(value.components.schemas.A).toEqual(expected)
})

test.each<[string, unknown, string[]]>([
  ['{ $ref: "#/components/schemas/B", maxLength: 3 }', { $ref: '#/components/schemas/B', maxLength: 3 }, []],
  ['{ type: string, example: 5 }', { type: 'string', example: 5 }, []],
  ['{ type: string, nullable: true }', { type: ['string', 'null'] }, ['nullable-kept a.yaml:6:34']],
  ['{ type: [string, "null"], nullable: true }', { type: ['string', 'null'] }, ['nullable-kept a.yaml:6:44']],
  ['{ minimum: 1, exclusiveMinimum: true }', { exclusiveMinimum: 1 }, ['exclusive-boolean a.yaml:6:40']],
  [
    '{ items: [{ nullable: false }], additionalItems: false }',
    { prefixItems: [{}], items: false },
    ['items-list a.yaml:6:17', 'nullable-kept a.yaml:6:30'],
  ],
  ['{ $schema: "http://json-schema.org/draft-03/schema#" }', {}, ['schema-dialect a.yaml:6:19']],
  [
    '{ $schema: "http://json-schema.org/draft-04/schema#", minimum: 1, exclusiveMinimum: true, items: [{ type: string }] }',
    { exclusiveMinimum: 1, prefixItems: [{ type: 'string' }] },
    [],
  ],
  [
    '{ $schema: "http://json-schema.org/draft-07/schema#", properties: { b: { $ref: "#/components/schemas/B", maxLength: 3 } } }',
    { properties: { b: { $ref: '#/components/schemas/B' } } },
    [],
  ],
  [
    '{ $schema: "https://json-schema.org/draft/2019-09/schema", $recursiveAnchor: true, properties: { a: { $recursiveRef: "#" } } }',
    { properties: { a: { $ref: '#/components/schemas/A' } } },
    [],
  ],
  [
    '{ dependencies: { a: [b], c: { required: [d] } } }',
    { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
    [],
  ],
  ['true', true, []],
])('3.1: %s', async (schema, expected, found) => {
  const read31 = await read('3.1.0', schema)
  expect(read31.found).toEqual(found)
  expect(read31.value.components.schemas.A).toEqual(expected)
})

test('what moved keeps its place', async () => {
  const { placeOf } = await read(
    '3.0.3',
    '{ allOf: [{ maximum: 3, exclusiveMaximum: true, example: { a: 1 } }], nullable: true }',
  )
  const at = (...path: (string | number)[]) => placeOf('components', 'schemas', 'A', 'anyOf', ...path)
  expect(at(0, 'allOf', 0, 'exclusiveMaximum')).toBe('a.yaml#/components/schemas/A/allOf/0/maximum')
  expect(at(0, 'allOf', 0, 'examples', 0, 'a')).toBe('a.yaml#/components/schemas/A/allOf/0/example/a')
  expect(at(1, 'type')).toBe('a.yaml#/components/schemas/A/nullable')
})
