import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan, Reference } from '../../model/service-plan.ts'
import cache from '../cache/policy.ts'
import policy from './policy.ts'

function shown(value: unknown): unknown {
  if (value instanceof Reference) return `→${value.name}`
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(member)]))
}

function lowered(sanitize: unknown, schema: object, schemas: object = {}, more: object = {}, method = 'get') {
  const responses = { 200: { description: 'ok', content: { 'application/json': { schema } } } }
  const proxy = { ...(sanitize === undefined ? {} : { sanitize }), ...more }
  const operation = { operationId: 'a', responses, 'x-proxy': proxy }
  const { plan, diagnostics, instances } = planOf(
    { paths: { '/a': { [method]: operation } }, components: { schemas } },
    [cache, policy],
  )
  const call = plan.operations[0]!.policies.find((one) => one.policy === 'sanitize')?.value
  const options = call instanceof CallPlan ? (shown(call.args[0]) as Record<string, unknown>) : undefined
  return { options, shapes: instances['shapes'], codes: diagnostics.map(({ code }) => code) }
}

/** The shape of a response with this schema under strip. */
function shapeOf(schema: object, schemas: object = {}) {
  const { options, shapes } = lowered({ undeclared: 'strip' }, schema, schemas)
  const responses = options?.['responses'] as { 200: { content: { 'application/json': { shape: unknown } } } }
  return { shape: responses[200].content['application/json'].shape, shapes }
}

const text = { type: 'string' }

describe('sanitize', () => {
  it('is off until it is asked for', () => {
    expect(lowered(undefined, { type: 'object', properties: { a: text } }).options).toBeUndefined()
    expect(lowered({}, {}).options).toMatchObject({
      undeclared: 'pass',
      hide5xx: true,
      removeHeaders: ['Server', 'X-Powered-By'],
    })
    expect(lowered(false, {}).options).toBeUndefined()
  })

  it('comes with roles on a property', () => {
    const { options } = lowered(undefined, {
      type: 'object',
      properties: { a: text, b: { ...text, 'x-proxy': { visibleTo: ['boss'] } } },
    })
    expect(options).toEqual({
      undeclared: 'pass',
      hide5xx: false,
      vary: [],
      shapes: '→openShapes',
      responses: {
        200: {
          content: {
            'application/json': {
              shape: { properties: { a: 'plain', b: { visibleTo: [['boss']], value: 'plain' } } },
              isRestricted: true,
            },
          },
        },
      },
    })
  })

  it.each<[string, object, unknown]>([
    ['anything', {}, 'any'],
    ['a scalar', text, 'plain'],
    ['an object of which nothing is said', { type: 'object' }, 'plain'],
    ['a closed object', { type: 'object', additionalProperties: false }, { additional: false }],
    ['a free object', { type: 'object', additionalProperties: true }, { additional: 'any' }],
    ['a map', { additionalProperties: text }, { additional: 'plain' }],
    ['scalars in an array', { type: 'array', items: text }, { items: 'plain' }],
    ['anything in an array', { type: 'array', items: {} }, { items: 'any' }],
    ['a tuple', { prefixItems: [text], items: false }, { prefix: ['plain'], items: false }],
    [
      'what nobody gets',
      { properties: { a: { ...text, writeOnly: true }, b: false } },
      { properties: { a: 'hidden', b: 'hidden' } },
    ],
    [
      'one that may be null',
      { oneOf: [{ type: 'null' }, { properties: { a: text } }] },
      { properties: { a: 'plain' } },
    ],
    [
      'branches that declare nothing',
      { properties: { a: text }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      { properties: { a: 'plain' } },
    ],
    [
      'branches',
      { anyOf: [{ properties: { a: text } }, { properties: { b: text } }] },
      {
        choices: [
          {
            of: [
              {
                when: '→aAnyOfBranch',
                asked: { properties: { a: { types: ['string'] } } },
                value: { properties: { a: 'plain' } },
              },
              {
                when: '→aAnyOfBranch2',
                asked: { properties: { b: { types: ['string'] } } },
                value: { properties: { b: 'plain' } },
              },
            ],
          },
        ],
      },
    ],
    [
      'a condition',
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      { if: { required: ['a'] }, then: { properties: { b: text } }, else: text },
      {
        choices: [
          {
            optional: true,
            of: [{ when: '→aCondition', asked: { required: ['a'] }, value: { properties: { b: 'plain' } } }],
          },
        ],
      },
    ],
    [
      'dependent schemas',
      { dependentSchemas: { a: { properties: { b: text } } } },
      { choices: [{ optional: true, of: [{ has: 'a', value: { properties: { b: 'plain' } } }] }] },
    ],
  ])('%s', (_, schema, shape) => expect(shapeOf(schema).shape).toEqual(shape))

  it('shares component schemas by name, in a circle too', () => {
    const Node = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' }, a: text } }
    expect(shapeOf({ $ref: '#/components/schemas/Node' }, { Node, Other: Node })).toEqual({
      shape: { is: 'Node' },
      shapes: { Node: { properties: { next: { is: 'Node' }, a: 'plain' } } },
    })
  })

  it('knows what extends a schema by its discriminator', () => {
    const Pet = {
      type: 'object',
      properties: { kind: text },
      discriminator: { propertyName: 'kind', mapping: { c: 'Cat' } },
    }
    const Cat = { allOf: [{ $ref: '#/components/schemas/Pet' }, { properties: { lives: text } }] }
    const { shapes } = shapeOf({ $ref: '#/components/schemas/Pet' }, { Pet, Cat })
    expect(shapes).toEqual({
      Cat: { all: [{ base: 'Pet' }, { properties: { lives: 'plain' } }] },
      Pet: {
        properties: { kind: 'plain' },
        heirs: { by: 'kind', of: [{ words: ['c', 'Cat'], value: { base: 'Cat' } }] },
      },
    })
  })

  it('says what cannot be meant', () => {
    const byRole = { properties: { a: { ...text, 'x-proxy': { visibleTo: ['boss'] } } } }
    expect(lowered({}, byRole, {}, { cache: {} }).codes).toContain('cache-by-role')
    expect(lowered({}, byRole, {}, { cache: { key: { consumer: 'always' } } }).codes).not.toContain('cache-by-role')
    expect(lowered({}, byRole, {}, { cache: {} }, 'post').codes).not.toContain('cache-by-role')
    expect(lowered({ undeclared: 'strip' }, { type: 'object' }).codes).toEqual(['response-undeclared'])
    expect(lowered({}, { items: { ...text, 'x-proxy': { visibleTo: ['boss'] } } }).codes).toEqual(['option-invalid'])
  })

  it.each([
    [
      { card: true, mail: 'email', own: 'A-\\d{6}' },
      { card: 'card', mail: 'email', own: { pattern: 'A-\\d{6}', flags: 'u' } },
    ],
    [{ card: false }, undefined],
    [{ unknown: true }, 'option-invalid'],
    [{ a: '(a+)+$' }, 'option-invalid'],
    [{ a: 'a+a+b' }, 'option-invalid'],
    [{ a: '(a|aa)*b' }, 'option-invalid'],
    [{ a: '(' }, 'option-invalid'],
    [{ a: 'x*' }, 'option-invalid'],
  ])('detects %j', (detect, expected) => {
    const { options, codes } = lowered({ detect }, {})
    if (expected === 'option-invalid') expect(codes).toEqual([expected])
    else expect(options?.['detect']).toEqual(expected)
  })
})
