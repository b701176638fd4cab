import { describe, expect, it } from 'vitest'
import type { XmlNode, XmlValue } from '../../../runtime/xml/shape.ts'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan, Reference } from '../../model/service-plan.ts'
import validateResponse from '../validate-response/policy.ts'
import policy from './policy.ts'

const plan = (schema: object, components: object = {}, options: object = {}, media = 'application/json') =>
  planOf(
    {
      'x-proxy': { xmlToJson: options },
      paths: {
        '/a': {
          get: { operationId: 'a', responses: { 200: { description: 'ok', content: { [media]: { schema } } } } },
        },
      },
      components: { schemas: components },
    },
    [policy],
  )

const argument = (made: ReturnType<typeof plan>): Record<string, unknown> => {
  const value = made.plan.operations[0]!.policies[0]!.value
  return (value instanceof CallPlan ? value.args[0] : {}) as Record<string, unknown>
}
const rootOf = (made: ReturnType<typeof plan>): { name?: string; namespace?: string; value: XmlValue } =>
  (argument(made)['responses'] as Record<string, { root: never }>)['200']!.root
const plannedValue = (schema: object, components: object = {}): XmlValue => rootOf(plan(schema, components)).value
const property = (schema: object): XmlNode =>
  (plannedValue({ properties: { p: schema } }) as unknown as { properties: { p: XmlNode } }).properties.p

const inNamespaces = (one: string, other: string): object => ({
  a: { type: 'string', xml: { name: 'n', namespace: one } },
  p: {
    xml: { nodeType: 'none' },
    properties: { b: { type: 'string', xml: { name: 'n', namespace: other } } },
  },
})

describe('xmlToJson', () => {
  it('settles every option', () => {
    expect(
      argument(plan({}, {}, { int64: 'string', arrays: ['a/b'], limits: { size: '1MiB', depth: 5 } })),
    ).toMatchObject({
      unwrap: 'none',
      unknown: 'drop',
      int64: 'string',
      emptyArrays: 'omit',
      arrays: ['a/b'],
      maxSize: 1_048_576,
      maxDepth: 5,
    })
  })

  it.each([
    ['int64', ['xml-int64-enforced']],
    ['int32', []],
  ])('does not let a schema of integers be enforced on strings: %s', (format, codes) => {
    const schema = { items: { type: ['integer', 'null'], format } }
    const responses = { 200: { description: 'ok', content: { 'application/json': { schema } } } }
    const { diagnostics } = planOf(
      {
        'x-proxy': { xmlToJson: { int64: 'string' }, validate: { response: 'enforce' } },
        paths: { '/a': { get: { operationId: 'a', responses } } },
      },
      [validateResponse, policy],
    )
    expect(diagnostics.map(({ code }) => code)).toEqual(codes)
  })

  const none = { xml: { nodeType: 'none' } }
  const text = { type: 'string' }
  it.each<[string, object, string | undefined]>([
    ['an object', { p: { ...none, properties: { a: text } } }, undefined],
    ['other names', { a: text, p: { ...none, properties: { b: text } } }, undefined],
    ['other namespaces', inNamespaces('urn:1', 'urn:2'), undefined],
    [
      'an attribute of that name',
      { p: { ...none, properties: { a: { ...text, xml: { attribute: true } } } }, a: text },
      undefined,
    ],
    ['a list of no name', { p: { ...none, properties: { a: { type: 'array', items: text } } } }, undefined],
    ['unlike items with names', { p: { prefixItems: [{ xml: { name: 'a' } }, { xml: { name: 'b' } }] } }, undefined],
    [
      'one name',
      { a: text, p: { ...none, properties: { a: text } } },
      '"p" has no element of its own (nodeType: none), and the element "a" may belong to "a" or to "p/a"',
    ],
    ['one namespace', inNamespaces('urn:1', 'urn:1'), 'the element "n" may belong to "a" or to "p/b"'],
    [
      'two of one name',
      { p: { ...none, properties: { a: text } }, q: { ...none, properties: { b: { ...text, xml: { name: 'a' } } } } },
      '"p/a"',
    ],
    [
      'names of items',
      { p: { ...none, properties: { a: { type: 'array', items: { xml: { name: 'i' } } } } }, i: text },
      '"i"',
    ],
    [
      'text twice',
      { t: { ...text, xml: { nodeType: 'text' } }, p: { ...none, properties: { '#text': text } } },
      'text may',
    ],
    [
      'two maps',
      { p: { ...none, additionalProperties: text }, q: { ...none, additionalProperties: text } },
      'any other element',
    ],
    ['itself', { p: { $ref: '#/components/schemas/Loop' } }, 'it may hold itself'],
    ['a circle', { p: { $ref: '#/components/schemas/A' } }, 'it may hold itself'],
    [
      'alternatives',
      { p: { ...none, oneOf: [{ properties: { a: text } }, { properties: { a: { type: 'object' } } }] } },
      'one of several',
    ],
    ['a text', { p: { ...none, type: 'string' } }, 'no schema says'],
    ['anything', { p: { ...none, type: 'object' } }, 'no schema says'],
    ['unlike items', { p: { ...none, prefixItems: [text, text] } }, 'the element "p"'],
    ['unlike items and more', { p: { ...none, prefixItems: [{ xml: { name: 'a' } }], items: text } }, 'has no end'],
    ['patterns', { p: { ...none, patternProperties: { '^a': text }, properties: { b: text } } }, 'by patterns only'],
    ['items', { p: { type: 'array', items: { ...none, properties: { a: text } } } }, 'one item ends'],
  ])('without an element of its own: %s', (_, properties, problem) => {
    const components = {
      Loop: { ...none, properties: { again: { $ref: '#/components/schemas/Loop' } } },
      A: { ...none, properties: { b: { $ref: '#/components/schemas/B' } } },
      B: { ...none, properties: { a: { $ref: '#/components/schemas/A' } } },
    }
    const found = plan({ type: 'object', properties }, components).diagnostics
    expect(found.map(({ code }) => code)).toEqual(problem === undefined ? [] : found.map(() => 'xml-node-none'))
    if (problem !== undefined) expect(found.map(({ message }) => message).join('\n')).toContain(problem)
  })

  it('comes to an end where alternatives hold each other', () => {
    const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
    const one = (key: string, ...names: string[]): object => ({
      type: 'object',
      properties: { [key]: { anyOf: names.map(ref) } },
    })
    const made = plan(ref('A'), { A: one('x', 'B', 'C'), B: one('y', 'A', 'C'), C: one('z', 'A', 'B') })
    expect(made.diagnostics).toEqual([])
    expect(JSON.stringify(made.instances)).toContain('"oneOf"')
  })

  it('has nothing to do where no answer is JSON or XML', () => {
    expect(plan({ type: 'string' }, {}, {}, 'text/plain').plan.operations[0]!.policies).toEqual([])
  })

  it('offers the original where XML is declared', () => {
    expect(argument(plan({}, {}, {}, 'text/xml'))['originals']).toEqual(['text/xml'])
    expect(argument(plan({}, {}, {}, 'application/vnd.x+json'))).not.toHaveProperty('originals')
  })

  it.each([
    [{ type: 'string' }, { type: 'string' }],
    [{ type: 'string', format: 'date-time' }, { type: 'token' }],
    [{ enum: ['a', 'b'] }, { type: 'token' }],
    [{ enum: [' a'] }, { type: 'string' }],
    [{ type: 'integer' }, { type: 'integer' }],
    [{ type: 'integer', format: 'int64' }, { type: 'int64' }],
    [{ type: ['number', 'null'] }, { type: 'number', nullable: true }],
    [{ oneOf: [{ type: 'boolean' }, { type: 'null' }] }, { type: 'boolean', nullable: true }],
    [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { type: ['integer', 'string'] }],
    [{ minimum: 1 }, { type: 'number' }],
    [{}, { type: 'any' }],
    [{ type: 'object' }, { type: 'any', object: true }],
    [
      { type: 'array', items: { type: 'string' } },
      { type: 'array', items: { type: 'string' } },
    ],
    [
      { additionalProperties: { type: 'integer' } },
      { type: 'object', properties: {}, additional: { type: 'integer' } },
    ],
    [
      { patternProperties: { '^x-': { type: 'integer' }, '(a+)+$': {} } },
      {
        type: 'object',
        properties: {},
        additional: { type: 'any' },
        patterns: [{ pattern: '^x-', value: { type: 'integer' } }],
      },
    ],
    [
      { patternProperties: { '^x-': { type: 'integer' } }, additionalProperties: false },
      { type: 'object', properties: {}, patterns: [{ pattern: '^x-', value: { type: 'integer' } }] },
    ],
  ])('%j is %j', (schema, expected) => {
    expect(plannedValue(schema)).toEqual(expected)
  })

  it.each([
    [
      { type: 'string', xml: { attribute: true, name: 'n' } },
      { name: 'n', node: 'attribute', type: 'string' },
    ],
    [
      { type: 'string', xml: { name: 'n', namespace: 'u', prefix: 'x' } },
      { name: 'n', namespace: 'u', prefix: 'x', type: 'string' },
    ],
    [
      { type: 'string', xml: { namespace: 'u' } },
      { name: 'p', namespace: 'u', type: 'string' },
    ],
    [
      { type: 'string', xml: { prefix: 'x' } },
      { name: 'x:p', type: 'string' },
    ],
    [
      { type: 'string', xml: { nodeType: 'text' } },
      { node: 'text', type: 'string' },
    ],
    [
      { type: 'string', xml: { nodeType: 'cdata' } },
      { node: 'cdata', type: 'string' },
    ],
    [
      { type: 'array', xml: { wrapped: true, name: 'W' }, items: { type: 'string', xml: { name: 'i' } } },
      { name: 'W', type: 'array', wrapped: true, items: { name: 'i', type: 'string' } },
    ],
    [
      { type: 'array', xml: { nodeType: 'element' }, items: {} },
      { type: 'array', wrapped: true, items: { type: 'any' } },
    ],
    // A later branch of allOf may hold the xml object.
    [{ allOf: [{ type: 'string' }, { xml: { name: 'n' } }] }, { name: 'n', type: 'string' }],
  ])('a property %j is %j', (schema, expected) => {
    expect(property(schema)).toEqual(expected)
  })

  it('merges allOf, and reads the conventional names of attributes and text', () => {
    const schema = {
      allOf: [
        { properties: { a: { type: 'string' } } },
        { required: ['b'], properties: { b: {}, '@c': {}, '#text': {} } },
      ],
    }
    expect(plannedValue(schema)).toEqual({
      type: 'object',
      required: ['b'],
      properties: {
        a: { type: 'string' },
        b: { type: 'any' },
        '@c': { name: 'c', node: 'attribute', type: 'any' },
        '#text': { node: 'text', type: 'any' },
      },
    })
  })

  it('calls the root as its schema says; a property not as the schema it refers to', () => {
    const components = {
      Order: { type: 'object', xml: { name: 'order', namespace: 'u' }, properties: { id: { type: 'string' } } },
    }
    expect(rootOf(plan({ $ref: '#/components/schemas/Order' }, components))).toMatchObject({
      name: 'order',
      namespace: 'u',
    })
    // Who names the element says which namespace it is in.
    const renamed = { allOf: [{ $ref: '#/components/schemas/Order' }], xml: { name: 'purchase' } }
    expect(rootOf(plan(renamed, components))).not.toHaveProperty('namespace')
    const held = plannedValue({ properties: { mine: { $ref: '#/components/schemas/Order' } } }, components)
    expect(held).toMatchObject({ properties: { mine: { also: ['order'], type: 'object' } } })
    expect(held).not.toHaveProperty('properties.mine.name')
  })

  it('writes small components in place, shares large ones, and closes circles', () => {
    const wide = (more: object = {}): object => ({
      type: 'object',
      properties: {
        ...Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`p${i}`, { type: 'string' }])),
        ...more,
      },
    })
    const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
    const made = plan(
      {
        properties: {
          large: reference('Large'),
          self: reference('Self'),
          left: reference('Left'),
          right: reference('Right'),
        },
      },
      {
        Large: wide(),
        Self: { type: 'object', properties: { self: reference('Self') } },
        Left: { type: 'object', properties: { right: reference('Right') } },
        Right: { type: 'object', properties: { lefts: { type: 'array', items: reference('Left') } } },
      },
    )
    const { properties } = rootOf(made).value as unknown as { properties: Record<string, { shape: Reference }> }
    expect(Object.values(properties).map(({ shape }) => shape.name)).toEqual([
      'largeXml',
      'selfXml',
      'leftXml',
      'rightXml',
    ])
    const calls = Object.fromEntries(made.plan.instances.map(({ name, call }) => [name, call]))
    expect(calls['selfXml']).toMatchObject({
      export: 'xmlShape',
      args: ['Self', { properties: { self: { recurse: 'Self' } } }],
    })
    expect(calls['leftXmlCircle']).toMatchObject({
      export: 'xmlShapes',
      args: [
        {
          Left: { properties: { right: { recurse: 'Right' } } },
          Right: { properties: { lefts: { items: { recurse: 'Left' } } } },
        },
      ],
    })
    expect(calls['rightXml']).toMatchObject({
      export: 'xmlShapeOf',
      args: [new Reference('instance', 'leftXmlCircle'), 'Right'],
    })
  })

  it('merges alternatives that no document tells apart, and keeps the others with their words', () => {
    const object = (properties: object): object => ({ type: 'object', properties })
    expect(plannedValue({ oneOf: [object({ a: { type: 'string' } }), object({ b: { type: 'integer' } })] })).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'integer' } },
    })
    const components = {
      Cat: object({ kind: { type: 'string' }, size: { type: 'integer' } }),
      Dog: object({ kind: { type: 'string' }, size: { type: 'string' } }),
    }
    const pet = {
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
      discriminator: { propertyName: 'kind', mapping: { meow: '#/components/schemas/Cat' } },
    }
    expect(plannedValue(pet, components)).toMatchObject({
      type: 'oneOf',
      by: { name: 'kind' },
      of: [{ is: ['meow', 'Cat'] }, { is: ['Dog'] }],
    })
  })
})
