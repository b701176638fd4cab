import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { PublishedContract } from './published-contract.ts'
import type { UpstreamAnswer } from './recording-upstream.ts'
import { tempFolder } from './temp-folder.ts'

const folder = tempFolder('published')
afterAll(() => folder.remove())

const problem = { type: 'https://specgate.dev/problems/not-acceptable', title: 't', status: 406 }
const item = {
  type: 'object',
  required: ['id', 'secret'],
  properties: { id: { type: 'string' }, secret: { writeOnly: true } },
}
const content = { 'application/json': { schema: { $ref: '#/components/schemas/Item' } }, 'application/xml': {} }

mkdirSync(join(folder.path, 'dist'))
writeFileSync(
  join(folder.path, 'openapi.json'),
  JSON.stringify({
    openapi: '3.1.1',
    servers: [{ url: '/v1' }],
    paths: {
      '/items/{id}': {
        get: {
          responses: {
            200: { description: 'ok', headers: { 'X-Must': { required: true } }, content },
            406: { $ref: '#/components/responses/Bad' },
            '4XX': { description: 'no' },
          },
        },
      },
      '/items/own': { get: { responses: { default: { description: 'any' } } } },
    },
    components: {
      schemas: { Item: item },
      responses: {
        Bad: { description: 'bad', content: { 'application/problem+json': { schema: { required: ['title'] } } } },
      },
    },
  }),
)
const contract = new PublishedContract(join(folder.path, 'dist', 'server.js'))

const answer = (status: number, type: string, body: unknown, more: string[] = ['x-must', '1']) => ({
  status,
  rawHeaders: ['Content-Type', type, ...more],
  body: Buffer.from(JSON.stringify(body)),
})
const judge = (
  received: ReturnType<typeof answer>,
  said: readonly UpstreamAnswer[] = [],
  headers = {},
  target = '/v1/items/7',
) => contract.judge({ target, headers }, received, said)
const json = 'application/json'

describe('PublishedContract', () => {
  it('has nothing against what is as published', () => {
    expect(judge(answer(200, json, { id: 'a' }))).toEqual([])
    expect(judge(answer(404, 'text/plain', 'x'))).toEqual([])
    expect(judge(answer(500, json, {}), [], {}, '/v1/items/own')).toEqual([])
    expect(judge(answer(599, json, {}), [], {}, '/v1/other')).toEqual([])
    expect(judge(answer(400, 'application/problem+json', { type: 'https://x/bad-request' }))).toEqual([])
  })

  it.each([
    [answer(200, json, { id: 7 }), 'the body /id must be string'],
    [answer(200, json, {}), "must have required property 'id'"],
    [answer(200, json, { id: 'a' }, []), 'X-Must is published as required'],
    [answer(200, 'text/html', 'x'), 'text/html is not published'],
    [answer(503, json, {}), 'the status 503 is not published'],
    [answer(406, 'application/problem+json', { type: 'a' }), "required property 'title'"],
  ])('says what is not (%#)', (received, fault) => {
    expect(judge(received).join()).toContain(fault)
  })

  it('says what is offered and cannot be had', () => {
    const refused = answer(406, 'application/problem+json', problem)
    expect(judge(refused, [], { Accept: 'application/xml;q=0.9' })).toEqual([
      'contract: application/xml is published, and refused',
    ])
    expect(judge(refused, [], { Accept: 'text/csv' })).toEqual([])
  })

  it('lets the upstream answer for what it said itself', () => {
    expect(judge(answer(503, json, {}), [{ status: 503 }])).toEqual([])
    expect(judge(answer(200, 'text/html', 'x'), [{ headers: { 'content-type': 'text/html; charset=utf-8' } }])).toEqual(
      [],
    )
    expect(judge(answer(200, json, { id: 7 }), [{ body: { id: 7 } }])).toEqual([])
    expect(judge(answer(200, json, { id: 7 }), [{ body: { id: 7, more: 1 } }])).toHaveLength(1)
  })
})
