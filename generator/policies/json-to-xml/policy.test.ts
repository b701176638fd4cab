import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan } from '../../model/service-plan.ts'
import validateRequest from '../validate-request/policy.ts'
import policy from './policy.ts'
import { requestWithJson } from './request-with-json.ts'

const plan = (content: object | undefined, options: object = {}, schemas: object = {}, more = [policy]) =>
  planOf(
    {
      paths: {
        '/a': {
          post: {
            operationId: 'a',
            ...(content === undefined ? {} : { requestBody: { content } }),
            responses: { 204: { description: 'ok' } },
            'x-proxy': { jsonToXml: options },
          },
        },
      },
      components: { schemas },
    },
    more,
  )

function argument(made: ReturnType<typeof plan>, name = 'jsonToXml'): Record<string, unknown> {
  const value = made.plan.operations[0]!.policies.find(({ policy: own }) => own === name)!.value
  return (value instanceof CallPlan ? value.args[0] : {}) as Record<string, unknown>
}

const json = (schema: object): object => ({ 'application/json': { schema } })
const codes = (made: ReturnType<typeof plan>): string[] => made.diagnostics.map(({ code }) => code)

describe('jsonToXml', () => {
  it('plans the root element by its schema, else by its component, else with a warning', () => {
    const schemas = { Order: { type: 'object', properties: { id: { type: 'string' } } } }
    const reference = { $ref: '#/components/schemas/Order' }
    expect(argument(plan(json(reference), {}, schemas))).toEqual({
      root: { name: 'Order', value: { type: 'object', properties: { id: { type: 'string' } } } },
      mediaType: 'application/xml',
    })
    const named = { allOf: [reference], xml: { name: 'order', namespace: 'urn:o', prefix: 'o' } }
    expect(argument(plan({ 'text/xml': { schema: named } }, {}, schemas))).toMatchObject({
      root: { name: 'order', namespace: 'urn:o', prefix: 'o' },
      mediaType: 'text/xml',
    })
    const made = plan(json({ type: 'object', properties: { a: {} } }))
    expect(argument(made)).toMatchObject({ root: { name: 'root' } })
    expect(codes(made)).toEqual(['xml-root-unnamed'])
  })

  it('settles its options', () => {
    const options = {
      wrap: 'soap',
      version: 1.2,
      action: 'urn:a',
      declaration: false,
      namespaces: { e: 'urn:e' },
      unknown: 'reject',
      nulls: 'omit',
    }
    expect(argument(plan(json({ type: 'object', xml: { name: 'a' } }), options))).toMatchObject({
      soap: { version: '1.2', action: 'urn:a' },
      declaration: false,
      namespaces: { e: 'urn:e' },
      unknown: 'reject',
      nulls: 'omit',
    })
  })

  it('sends what another schema says, from an operation without a body too', () => {
    const schemas = { Ask: { type: 'object', xml: { name: 'ask' }, properties: { id: { type: 'string' } } } }
    expect(argument(plan(undefined, { schema: '#/components/schemas/Ask' }, schemas))).toMatchObject({
      root: { name: 'ask' },
      always: true,
    })
    expect(codes(plan(undefined, { schema: '#/components/schemas/Asc' }, schemas))).toEqual(['option-invalid'])
  })

  it('has nothing to do where no JSON is sent', () => {
    expect(plan(undefined).plan.operations[0]!.policies).toEqual([])
    expect(plan({ 'text/plain': { schema: {} } }).plan.operations[0]!.policies).toEqual([])
  })

  it('reports what no reader of XML would accept', () => {
    const schema = {
      type: 'object',
      xml: { name: 'r' },
      properties: {
        'first name': { type: 'string' },
        ok: { type: 'string', xml: { prefix: 'x' } },
        list: { type: 'array', items: { xml: { name: '1st' }, type: 'string' } },
      },
    }
    expect(codes(plan(json(schema)))).toEqual(['xml-prefix-unbound', 'xml-name-impossible', 'xml-name-impossible'])
    expect(
      codes(plan(json({ ...schema, properties: { ok: schema.properties.ok } }), { namespaces: { x: 'urn:x' } })),
    ).toEqual([])
    // Shared components are looked into, once.
    const wide = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`p ${i < 1 ? i : `p${i}`}`.replace('p p', 'p'), {}]),
    )
    const shared = { type: 'object', properties: { ...wide, again: { $ref: '#/components/schemas/Wide' } } }
    expect(codes(plan(json({ $ref: '#/components/schemas/Wide' }), {}, { Wide: shared }))).toEqual([
      'xml-name-impossible',
    ])
  })

  it('knows objects without an element, and arrays whose name names nothing', () => {
    const inside = { type: 'object', xml: { nodeType: 'none' }, properties: { a: { type: 'string' } } }
    const list = { type: 'array', xml: { name: 'ignored' }, items: { type: 'string' } }
    const made = plan(json({ type: 'object', xml: { name: 'r' }, properties: { p: inside, list } }))
    expect(argument(made)).toMatchObject({
      root: {
        value: {
          properties: {
            p: { node: 'none', type: 'object', properties: { a: { type: 'string' } } },
            list: { also: ['ignored'], type: 'array', items: { type: 'string' } },
          },
        },
      },
    })
  })

  it('says what an action needs', () => {
    expect(codes(plan(json({ xml: { name: 'r' } }), { action: 'urn:a' }))).toEqual(['option-missing'])
  })

  it('lets callers send JSON where XML is declared, and shows them so', () => {
    const schema = { type: 'object', xml: { name: 'r' }, properties: { a: { type: 'string' } } }
    const made = plan({ 'application/xml': { schema } }, {}, {}, [validateRequest as never, policy])
    const { content } = argument(made, 'validateRequest')['body'] as { content: object }
    expect(Object.keys(content)).toEqual(['application/json', 'application/xml'])
    const paths = made.plan.publicDocument['paths'] as { '/a': { post: { requestBody: { content: object } } } }
    expect(Object.keys(paths['/a'].post.requestBody.content)).toEqual(['application/json', 'application/xml'])
  })

  it('shows nothing new where JSON is declared', () => {
    const body = { content: { 'application/json': {}, 'application/xml': {} } }
    expect(requestWithJson(body)).toBe(body)
  })
})
