import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan, Reference } from '../../model/service-plan.ts'
import policy from './policy.ts'

const responses = { 200: { description: 'ok' } }

/** The factory's argument, references as `→name`. */
function lowered(operation: object, more: object = {}, path = '/a'): unknown {
  const { plan } = planOf({ paths: { [path]: { post: { operationId: 'a', responses, ...operation } } }, ...more }, [
    policy,
  ])
  const call = plan.operations[0]!.policies[0]?.value
  return call instanceof CallPlan ? shown(call.args[0]) : undefined
}

function shown(value: unknown): unknown {
  if (value instanceof Reference) return `→${value.name}`
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(member)]))
}

const query = (schema: object, more: object = {}) => {
  const { query: list } = lowered({ parameters: [{ name: 'p', in: 'query', schema, ...more }] }) as { query: object[] }
  return list[0]
}

describe('validateRequest', () => {
  it('is there without a word, and says nothing that needs no saying', () => {
    expect(lowered({})).toEqual({})
  })

  it.each([
    [{ type: 'string' }, { name: 'p' }],
    [{ type: 'string', description: 'd', default: 'x', example: 'y' }, { name: 'p' }],
    [
      { type: 'string', minLength: 1 },
      { name: 'p', schema: '→aPQuery' },
    ],
    [{ type: 'integer' }, { name: 'p', decode: '→integer' }],
    [
      { type: 'integer', format: 'int32' },
      { name: 'p', decode: '→int32' },
    ],
    [
      { type: 'integer', format: 'int64', minimum: 1 },
      { name: 'p', decode: '→int64', schema: '→aPQuery' },
    ],
    [{ type: 'number' }, { name: 'p', decode: '→number' }],
    [{ type: 'boolean' }, { name: 'p', decode: '→boolean' }],
    [{ type: ['integer', 'null'] }, { name: 'p', decode: { anyOf: ['→nothing', '→integer'] }, schema: '→aPQuery' }],
    [{ enum: [1, 2] }, { name: 'p', decode: '→integer', schema: '→aPQuery' }],
    [{ const: true }, { name: 'p', decode: '→boolean', schema: '→aPQuery' }],
    [{ minimum: 1 }, { name: 'p', decode: '→number', schema: '→aPQuery' }],
    [{ allOf: [{ type: 'number' }, { type: 'integer' }] }, { name: 'p', decode: '→integer', schema: '→aPQuery' }],
    [
      { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer' } }] },
      { name: 'p', decode: { anyOf: [{ items: '→integer' }, '→string'] }, schema: '→aPQuery' },
    ],
    [
      { type: 'array', items: { type: 'integer' } },
      { name: 'p', decode: { items: '→integer' } },
    ],
    [
      { type: 'array', items: { enum: ['a', 'b'] } },
      { name: 'p', decode: { items: '→word' }, schema: '→aPQuery' },
    ],
    [
      { type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: { type: 'number' } },
      { name: 'p', decode: { properties: { a: '→integer' }, others: '→number' } },
    ],
    [
      { type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: false },
      { name: 'p', decode: { properties: { a: '→integer' } }, schema: '→aPQuery' },
    ],
  ])('reads %j', (schema, expected) => {
    expect(query(schema)).toEqual(expected)
  })

  it('writes style and explode where they differ from what OpenAPI says unasked', () => {
    const list = { type: 'array', items: { type: 'string' } }
    expect(query(list, { style: 'form', explode: true })).not.toHaveProperty('explode')
    expect(query(list, { explode: false })).toMatchObject({ explode: false })
    expect(query({ type: 'string' }, { explode: false })).not.toHaveProperty('explode')
    expect(query(list, { style: 'pipeDelimited' })).toMatchObject({ style: 'pipeDelimited' })
    expect(query({ type: 'object' }, { style: 'deepObject', explode: true })).toEqual({
      name: 'p',
      style: 'deepObject',
      decode: { properties: {} },
    })
    expect(query({ type: 'string' }, { required: true, allowReserved: true, allowEmptyValue: true })).toEqual({
      name: 'p',
      required: true,
      allowReserved: true,
      allowEmptyValue: true,
    })
  })

  it('follows references, circular ones too', () => {
    const components = {
      schemas: {
        Id: { type: 'integer', maximum: 5 },
        Tree: { type: 'object', properties: { kids: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
      },
    }
    const parameters = ['Id', 'Tree'].map((name) => ({
      name,
      in: 'query',
      style: name === 'Tree' ? 'deepObject' : 'form',
      schema: { $ref: `#/components/schemas/${name}` },
    }))
    expect(lowered({ parameters }, { components })).toEqual({
      query: [
        { name: 'Id', decode: '→integer', schema: '→idInRequest' },
        {
          name: 'Tree',
          style: 'deepObject',
          decode: { properties: { kids: { items: '→string' } } },
          schema: '→treeInRequest',
        },
      ],
    })
  })

  it('keeps path parameters in the order of the template', () => {
    const parameters = [
      { name: 'b', in: 'path', required: true, schema: { type: 'integer' } },
      { name: 'a', in: 'path', required: true, schema: { type: 'string' } },
    ]
    expect(lowered({ parameters }, {}, '/x/{a}/{b}')).toEqual({
      path: [{ name: 'a' }, { name: 'b', decode: '→integer' }],
    })
  })

  it('reads JSON, forms and text, and streams the rest', () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' }, o: { type: 'object' } }, required: ['n'] }
    const content = {
      'application/json': { schema },
      'application/vnd.a+json': {},
      'application/x-www-form-urlencoded': { schema },
      'text/plain': { schema: { type: 'string', maxLength: 3 } },
      'multipart/form-data': { schema },
      'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
    }
    expect(lowered({ requestBody: { required: true, content } })).toMatchObject({
      body: {
        required: true,
        content: {
          'application/json': { read: '→jsonBody', schema: '→aBody' },
          'application/vnd.a+json': {},
          'application/x-www-form-urlencoded': {
            read: '→formBody',
            fields: [
              { name: 'n', decode: '→integer' },
              { name: 'o', decode: '→json' },
            ],
          },
          'multipart/form-data': {
            read: '→multipartBody',
            fields: [
              { name: 'n', decode: '→integer' },
              { name: 'o', decode: '→json' },
            ],
            schema: expect.any(String),
          },
          'text/plain': { read: '→textBody', schema: '→aTextBody' },
          'application/octet-stream': {},
        },
      },
    })
  })

  it('judges what is JSON under a range', () => {
    const content = { '*/*': { schema: { type: 'object' } } }
    expect(lowered({ requestBody: { content } })).toMatchObject({
      body: { content: { '*/*': {}, 'application/json': { read: '→jsonBody' } } },
    })
  })

  it('takes encoding for fields of forms', () => {
    const schema = {
      properties: { list: { type: 'array', items: { type: 'string' } }, d: { type: 'object' } },
      additionalProperties: true,
    }
    const encoding = { list: { explode: false }, d: { style: 'deepObject' } }
    expect(
      lowered({ requestBody: { content: { 'application/x-www-form-urlencoded': { schema, encoding } } } }),
    ).toMatchObject({
      body: {
        content: {
          'application/x-www-form-urlencoded': {
            fields: [
              { name: 'list', explode: false, decode: { items: '→string' } },
              { name: 'd', style: 'deepObject' },
            ],
            otherFields: '→string',
          },
        },
      },
    })
  })

  it('hands on options that are not the defaults, and limits of the server', () => {
    const validate = {
      request: 'detect',
      unknown: { query: 'pass', cookie: 'pass' },
      contentType: 'any',
      details: 'full',
      maxErrors: 3,
    }
    expect(
      lowered({ 'x-proxy': { validate } }, { 'x-proxy': { server: { limits: { jsonDepth: 8, arrayItems: 9 } } } }),
    ).toEqual({
      mode: 'detect',
      unknown: { query: 'pass' },
      contentType: 'any',
      details: 'full',
      maxErrors: 3,
      jsonDepth: 8,
      arrayItems: 9,
    })
    expect(lowered({ 'x-proxy': { validate: { request: 'off' } } })).toBeUndefined()
  })

  it('knows the credentials of security schemes', () => {
    const securitySchemes = {
      q: { type: 'apiKey', in: 'query', name: 'api_key' },
      h: { type: 'apiKey', in: 'header', name: 'X-Key' },
    }
    expect(lowered({ security: [{ q: [] }, { h: [] }] }, { components: { securitySchemes } })).toEqual({
      credentials: { query: ['api_key'], header: ['x-key'] },
    })
  })

  it('takes formats for the whole document only', () => {
    const { diagnostics } = planOf(
      {
        paths: { '/a': { get: { operationId: 'a', responses, 'x-proxy': { validate: { formats: 'annotate' } } } } },
      },
      [policy],
    )
    expect(diagnostics.map(({ code }) => code)).toContain('wrong-level')
    const { plan } = planOf({ 'x-proxy': { validate: { formats: 'annotate' } }, paths: {} }, [policy])
    expect(plan.schemas.formats).toBe('annotate')
  })
})
