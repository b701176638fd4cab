import { describe, expect, it } from 'vitest'
import { planOf } from '../../test/support/plan-of.ts'
import { isObject } from '../model/json.ts'
import { policies } from '../policies/index.ts'

type Tree = { readonly [key: string]: unknown }

/** The published operation of a document that is asked for one thing, and its component schemas. */
function published(
  operation: object,
  more: {
    readonly proxy?: object
    readonly schemas?: object
    readonly securitySchemes?: object
    readonly method?: string
  } = {},
): {
  readonly operation: Tree
  readonly responses: Readonly<Record<string, Tree>>
  readonly schemas: Tree
  readonly text: string
} {
  const method = more.method ?? 'get'
  const { plan } = planOf(
    {
      'x-proxy': more.proxy ?? {},
      paths: { '/a': { [method]: { operationId: 'a', ...operation } } },
      components: { schemas: more.schemas ?? {}, securitySchemes: more.securitySchemes ?? {} },
    },
    policies,
  )
  const document = plan.publicDocument as unknown as {
    paths: { '/a': Record<string, Tree> }
    components?: { schemas?: Tree }
  }
  const shown = document.paths['/a'][method]!
  return {
    operation: shown,
    responses: shown['responses'] as Record<string, Tree>,
    schemas: document.components?.schemas ?? {},
    text: JSON.stringify(document),
  }
}

const content = (schema: object, type = 'application/json'): object => ({ [type]: { schema } })
const ok = (schema: object, type?: string): object => ({
  responses: { 200: { description: 'ok', content: content(schema, type) } },
})
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const mediaOf = (response: Tree | undefined): string[] => Object.keys((response?.['content'] ?? {}) as Tree)
const fieldsOf = (response: Tree | undefined): string[] => Object.keys((response?.['headers'] ?? {}) as Tree)

describe('the public contract', () => {
  it('shows integers that are written as text, and leaves requests their numbers', () => {
    const id = { type: ['integer', 'null'], format: 'int64', minimum: 1, examples: [7, null], description: 'n' }
    const count = { type: 'integer', format: 'uint64', enum: [1, 2] }
    const schemas = { Order: { type: 'object', properties: { id, count, small: { type: 'integer' } } } }
    const body = { requestBody: { content: content(ref('Order')) } }
    const both = published(
      { ...ok(ref('Order')), ...body },
      { proxy: { xmlToJson: { int64: 'string' } }, schemas, method: 'post' },
    )
    expect(both.schemas['Order']).toEqual(schemas.Order)
    expect(both.responses['200']!['content']).toEqual(content(ref('OrderAnswer')))
    expect(both.schemas['OrderAnswer']).toEqual({
      type: 'object',
      properties: {
        id: {
          type: ['string', 'null'],
          format: 'int64',
          examples: ['7', null],
          description: 'n',
          pattern: '^(0|-?[1-9][0-9]*)$',
        },
        count: { type: 'string', format: 'uint64', enum: ['1', '2'], pattern: '^(0|[1-9][0-9]*)$' },
        small: { type: 'integer' },
      },
    })
    const alone = published(ok(ref('Order')), { proxy: { xmlToJson: { int64: 'string' } }, schemas })
    expect(Object.keys(alone.schemas)).toEqual(['Order', 'Problem'])
    expect(published(ok(ref('Order')), { proxy: { xmlToJson: {} }, schemas }).schemas['Order']).toEqual(schemas.Order)
  })

  it('shows numbers that may be words', () => {
    const made = published(ok({ type: 'array', items: { type: 'number' } }), {
      proxy: { xmlToJson: { nonFinite: 'string' } },
    })
    const items = { anyOf: [{ type: 'number' }, { enum: ['Infinity', '-Infinity', 'NaN'] }] }
    expect(made.responses['200']!['content']).toEqual(content({ type: 'array', items }))
  })

  it.each<[string, object | undefined, object, string[]]>([
    ['offered', {}, {}, ['application/json', 'application/xml']],
    ['held back', { undeclared: 'strip' }, {}, ['application/json']],
    ['held back by a block', { undeclared: 'block' }, {}, ['application/json']],
    ['not for everybody', {}, { 'x-proxy': { visibleTo: ['boss'] } }, ['application/json']],
    ['not to be told', {}, { writeOnly: true }, ['application/json']],
    ['not to be told, were it asked', undefined, { writeOnly: true }, ['application/json', 'application/xml']],
  ])('lists XML as it is %s', (_, sanitize, own, expected) => {
    const schema = { type: 'object', properties: { p: { type: 'string', ...own } } }
    const made = published(ok(schema, 'application/xml'), {
      proxy: { xmlToJson: {}, ...(sanitize === undefined ? {} : { sanitize }) },
    })
    expect(mediaOf(made.responses['200'])).toEqual(expected)
    expect(mediaOf(made.responses['406'])).toEqual(['application/problem+json'])
  })

  it('does not promise bodies that cannot be looked at', () => {
    const object = { type: 'object', properties: { a: {} } }
    const types = {
      ...content(object, 'application/xml'),
      ...content({ type: 'string' }, 'text/csv'),
      ...content(object, '*/*'),
    }
    const made = published(
      { responses: { 200: { description: 'ok', content: types } } },
      { proxy: { sanitize: { undeclared: 'strip' } } },
    )
    expect(mediaOf(made.responses['200'])).toEqual(['text/csv', 'application/json'])
  })

  it('does not promise members to everybody that are for some, nor tell who they are for', () => {
    const schemas = {
      Margin: { type: 'number', 'x-proxy': { visibleTo: ['boss'] } },
      Order: {
        type: 'object',
        required: ['id', 'margin'],
        properties: { id: { type: 'integer' }, margin: ref('Margin') },
      },
    }
    const securitySchemes = {
      key: { type: 'apiKey', in: 'header', name: 'k', 'x-proxy': { apiKey: { consumers: './c.yaml' } } },
    }
    const operation = { ...ok(ref('Order')), requestBody: { content: content(ref('Order')) }, security: [{ key: [] }] }
    const made = published(operation, { schemas, securitySchemes, method: 'post' })
    expect(made.schemas['Order']).toMatchObject({ required: ['id', 'margin'] })
    expect(made.schemas['OrderAnswer']).toMatchObject({ required: ['id'] })
    expect(made.text).not.toContain('boss')
    expect(fieldsOf(made.responses['401'])).toEqual(['WWW-Authenticate'])
  })

  it('tells no more of failures than callers are told', () => {
    const own = { description: 'Mine', content: content(ref('Trace')) }
    const responses = { 200: { description: 'ok' }, 500: own, default: own }
    const schemas = { Trace: { type: 'object' } }
    const hidden = published({ responses }, { schemas, proxy: { sanitize: {} } }).responses
    for (const status of ['500', '502', '5XX']) expect(mediaOf(hidden[status])).toEqual(['application/problem+json'])
    expect(mediaOf(hidden['400'])).toEqual(['application/json', 'application/problem+json'])
    const open = published({ responses }, { schemas, proxy: { sanitize: { hide5xx: false } } }).responses
    expect(mediaOf(open['500'])).toEqual(['application/json'])
    expect(open).not.toHaveProperty('5XX')
  })

  it('shows the fields callers see', () => {
    const headers = { Server: {}, 'X-Old': { required: true }, 'X-Gone': {}, 'X-Kept': {} }
    const responses = { 200: { description: 'ok', headers } }
    const response = {
      headers: {
        rename: { 'x-old': 'X-New' },
        remove: ['X-GONE'],
        set: { 'X-Set': '1', 'Content-Type': 'a/b' },
        add: { 'X-Kept': '2' },
      },
    }
    const made = published(
      { responses },
      {
        proxy: {
          sanitize: {},
          transform: { response },
          cache: {},
          rateLimit: { all: { quota: 5, window: '1m', headers: 'both' } },
        },
      },
    )
    expect(fieldsOf(made.responses['200']).sort()).toEqual([
      ...['Age', 'Cache-Status', 'RateLimit', 'RateLimit-Policy', 'X-Kept', 'X-New'],
      ...['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'X-Set'],
    ])
    expect(made.responses['200']!['headers']).toMatchObject({ 'X-New': { required: true } })
    expect(fieldsOf(made.responses['429'])).toContain('Retry-After')
    expect(fieldsOf(made.responses['503'])).toEqual(['Retry-After'])
    expect(made.responses['304']).toEqual({ description: expect.any(String) })
  })

  it('asks for nothing that the proxy says itself', () => {
    const parameters = [{ name: 'x-user', in: 'header', required: true, schema: { type: 'string' } }]
    const made = published({ responses: {}, parameters }, { proxy: { identityHeaders: { 'X-User': 'consumer.id' } } })
    expect(made.operation).not.toHaveProperty('parameters')
  })

  it('says what is refused where it is, and nothing else', () => {
    const statuses = (proxy: object, operation: object = {}, method = 'get') =>
      Object.keys(published({ responses: {}, ...operation }, { proxy, method }).responses)
    expect(statuses({})).toEqual(['400', '415', '502', '503', '504'])
    expect(statuses({ validate: { request: 'off' } })).toEqual(['502', '503', '504'])
    expect(statuses({ validate: { request: 'detect' } })).toEqual(['502', '503', '504'])
    expect(statuses({ validate: { contentType: 'any' } })).toEqual(['400', '502', '503', '504'])
    expect(statuses({}, { requestBody: { content: content({}) } }, 'post')).toContain('413')
    expect(statuses({}, { 'x-proxy': { websocket: {} } })).toEqual(['101', '400', '415', '426', '502', '503', '504'])
  })

  it('shows faults of SOAP as the problems they become', () => {
    const responses = {
      200: { description: 'ok', content: content({}) },
      500: { description: 'Fault', content: content({ type: 'object' }) },
    }
    const made = published({ responses }, { proxy: { xmlToJson: { unwrap: 'soap' } } }).responses
    expect(mediaOf(made['500'])).toEqual(['application/json', 'application/problem+json'])
    expect(mediaOf(made['200'])).toEqual(['application/json'])
  })

  it('offers JSON where XML is made of it', () => {
    const requestBody = { content: content({ type: 'object', xml: { name: 'r' } }, 'application/xml') }
    const made = published({ responses: {}, requestBody }, { proxy: { jsonToXml: {} }, method: 'post' })
    const body = made.operation['requestBody']
    expect(isObject(body) && Object.keys(body['content'] as object)).toEqual(['application/json', 'application/xml'])
  })
})
