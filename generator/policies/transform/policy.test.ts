import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan } from '../../model/service-plan.ts'
import cache from '../cache/policy.ts'
import type { AnyPolicy } from '../define.ts'
import jsonToXml from '../json-to-xml/policy.ts'
import validateRequest from '../validate-request/policy.ts'
import policy from './policy.ts'

interface Setting {
  readonly operation?: object
  readonly method?: string
  readonly proxy?: object
  readonly components?: object
  readonly policies?: readonly AnyPolicy[]
}

function plan(
  transform: object,
  { operation = {}, method = 'post', proxy = {}, components = {}, policies = [policy] }: Setting = {},
) {
  const own = {
    operationId: 'a',
    responses: { 204: { description: 'ok' } },
    ...operation,
    'x-proxy': { transform, ...proxy },
  }
  const parameters = [
    { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
    { name: 'q', in: 'query', schema: { type: 'string' } },
  ]
  return planOf(
    { servers: [{ url: 'https://x.example/api' }], paths: { '/a/{id}': { parameters, [method]: own } }, components },
    policies,
  )
}

function argument(made: ReturnType<typeof plan>): unknown {
  const value = made.plan.operations[0]!.policies.find(({ policy: name }) => name === 'transform')!.value
  return value instanceof CallPlan ? value.args[0] : undefined
}

const json = (schema: object): object => ({ content: { 'application/json': { schema } } })
const response = (schema: object): Setting => ({
  operation: { responses: { 200: { description: 'ok', ...json(schema) } } },
})
const codes = (made: ReturnType<typeof plan>): string[] => made.diagnostics.map(({ code }) => code)
const messages = (made: ReturnType<typeof plan>): string[] => made.diagnostics.map(({ message }) => message)

describe('transform', () => {
  it('compiles texts', () => {
    const request = {
      headers: {
        set: { 'X-Id': 'n-{path.id}', 'X-V': 2 },
        rename: { a: 'B' },
        remove: ['c'],
        add: { d: '{header.E}' },
      },
      query: { set: { q: '{query.q}!' } },
      path: '/v2/{path.id}',
    }
    expect(argument(plan({ request }))).toEqual({
      request: {
        headers: {
          rename: { a: 'B' },
          remove: ['c'],
          set: { 'X-Id': ['n-', { path: 0 }], 'X-V': '2' },
          add: { d: [{ header: 'e' }] },
        },
        query: { set: { q: [{ query: 'q' }, '!'] } },
        path: ['/api/v2/', { path: 0 }],
      },
    })
  })

  it('compiles paths of members to one tree', () => {
    const body = {
      unwrap: 'data/item',
      pick: ['id', 'who/name', 'who/mail'],
      omit: ['who/mail'],
      rename: { 'who/name': 'n', who: 'customer' },
      set: { 'customer/seen': '{path.id}', at: 'x-{path.id}', fixed: { a: [1, '{raw}'] } },
      wrap: 'x/y',
    }
    expect(argument(plan({ response: { body } }))).toEqual({
      response: {
        body: {
          unwrap: ['data', 'item'],
          members: {
            picks: true,
            members: {
              id: { keeps: true },
              who: {
                keeps: true,
                as: 'customer',
                inside: {
                  picks: true,
                  members: { name: { keeps: true, as: 'n' }, mail: { keeps: true, drops: true } },
                  set: { seen: { text: [{ path: 0 }], as: 'number' } },
                },
              },
            },
            set: { at: { text: ['x-', { path: 0 }] }, fixed: { json: '{"a":[1,"{raw}"]}' } },
          },
          wrap: ['x', 'y'],
        },
      },
    })
  })

  it('makes a body only where the upstream is sent one', () => {
    const request = { body: { set: { a: 1 } } }
    expect(argument(plan({ request }))).toMatchObject({ request: { createsBody: true } })
    expect(plan({ request }, { method: 'get' }).plan.operations[0]!.policies).toEqual([])
    const soap = { method: 'get', proxy: { upstream: { method: 'POST' } } }
    expect(argument(plan({ request }, soap))).toMatchObject({ request: { createsBody: true } })
    expect(argument(plan({ request }, { operation: { requestBody: json({}) } }))).not.toHaveProperty(
      'request.createsBody',
    )
  })

  it.each([
    [{ request: { headers: { set: { a: '{path.no}' } } } }, 'option-invalid'],
    [{ request: { headers: { set: { a: '{path.id' } } } }, 'option-invalid'],
    [{ request: { headers: { set: { a: 'ö' } } } }, 'option-invalid'],
    [{ request: { headers: { set: { 'Content-Length': '1' } } } }, 'option-invalid'],
    [{ response: { headers: { rename: { a: 'Connection' } } } }, 'option-invalid'],
    [{ request: { headers: { set: { a: '{claim.sub}' } } } }, 'option-invalid'],
    [{ request: { path: '/a/../b' } }, 'option-invalid'],
    [{ request: { query: { remove: ['typo'] } } }, 'transform-unknown'],
  ])('reports %j', (transform, code) => {
    expect(codes(plan(transform, { policies: [validateRequest as AnyPolicy, policy] }))).toEqual([code])
  })

  it('knows two ways to say a path, and takes one', () => {
    const both = plan({ request: { path: '/x' } }, { proxy: { upstream: { path: '/y' } } })
    expect(codes(both)).toEqual(['option-invalid'])
  })

  const schema = {
    type: 'object',
    required: ['id'],
    additionalProperties: false,
    properties: {
      id: { type: 'integer' },
      state: { enum: ['new', 'old'] },
      who: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    },
  }
  it.each([
    [{ omit: ['id'] }, '"id" is required, and taken out'],
    [{ rename: { id: 'state' } }, '"id" is required, and taken out'],
    [{ pick: ['state'] }, '"id" is required, and taken out'],
    [{ rename: { x: 'y' } }, '"y" is not declared'],
    [{ set: { more: 1 } }, '"more" is not declared'],
    [{ set: { id: 'text' } }, '"id" is of another type'],
    [{ set: { id: 1.5 } }, '"id" is of another type'],
    [{ set: { id: '{query.q}' } }, '"id" is of another type'],
    [{ set: { state: 'middle' } }, '"state" is of another type'],
    [{ omit: ['who/name'] }, '"who/name" is required, and taken out'],
    [{ wrap: 'data' }, '"id" is required, and not there'],
  ])('sees that %j cannot meet the contract', (body, problem) => {
    expect(messages(plan({ response: { body } }, response(schema))).join()).toContain(problem)
  })

  it.each([
    { omit: ['id'], set: { id: '{path.id}' } },
    { rename: { number: 'id' } },
    { pick: ['number', 'state'], rename: { number: 'id' } },
    { set: { state: 'new', id: 7 } },
    { unwrap: 'data' },
  ])('lets %j through', (body) => {
    expect(codes(plan({ response: { body } }, response(schema)))).toEqual([])
    expect(codes(plan({ response: { body } }, response({ type: 'array', items: schema })))).toEqual([])
  })

  it('judges requests by what callers may send, and by what jsonToXml sends', () => {
    const operation = { requestBody: json(schema) }
    expect(codes(plan({ request: { body: { omit: ['typo'] } } }, { operation }))).toEqual(['transform-unknown'])
    expect(codes(plan({ request: { body: { omit: ['state'] } } }, { operation }))).toEqual([])
    const components = { schemas: { Sent: { type: 'object', required: ['number'], properties: {} } } }
    const proxy = { jsonToXml: { schema: '#/components/schemas/Sent' } }
    const made = (body: object) =>
      plan({ request: { body } }, { operation, proxy, components, policies: [policy, jsonToXml as AnyPolicy] })
    expect(codes(made({ rename: { id: 'number' } }))).toEqual([])
    expect(codes(made({ pick: ['id'] }))).toEqual(['transform-violates'])
  })

  it('does not take out a field that answers must have', () => {
    const headers = { 'X-Total': { required: true, schema: { type: 'integer' } } }
    const operation = { responses: { 200: { description: 'ok', headers } } }
    expect(codes(plan({ response: { headers: { remove: ['x-total'] } } }, { operation }))).toEqual([
      'transform-violates',
    ])
    expect(
      codes(plan({ response: { headers: { remove: ['x-total'], set: { 'x-total': '1' } } } }, { operation })),
    ).toEqual([])
  })

  it('does not let the cache give one caller what was made for another', () => {
    const security = [{ key: [] }]
    const components = { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'k' } } }
    const made = (transform: object, key: object): string[] =>
      codes(
        plan(transform, {
          method: 'get',
          operation: { security },
          proxy: { cache: { ttl: '1m', key } },
          components,
          policies: [cache as AnyPolicy, policy],
        }),
      )
    const byCaller = { request: { query: { set: { owner: '{consumer.id}' } } } }
    expect(made(byCaller, {})).toEqual(['transform-cached'])
    expect(made(byCaller, { consumer: 'always' })).toEqual([])
    const byField = { response: { headers: { set: { 'X-Lang': '{header.Accept-Language}' } } } }
    expect(made(byField, {})).toEqual(['transform-cached'])
    expect(made(byField, { headers: ['accept-language'] })).toEqual([])
  })
})
