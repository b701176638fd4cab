import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { RequestBody } from '../../core/body.ts'
import type { Exchange, ExchangeStart } from '../../core/exchange.ts'
import type { Fault } from '../../core/problem.ts'
import { Rejection } from '../../core/rejection.ts'
import type { ValidationError, Validator } from '../../core/validator.ts'
import { formBody, jsonBody, textBody } from '../../validation/body-readers.ts'
import { integer, json, string } from '../../validation/scalars.ts'
import { type ValidateRequestOptions, validateRequest } from './validate-request.ts'

interface Outcome {
  readonly status: number
  readonly errors: readonly Fault[]
  readonly exchange: Exchange
  readonly headers: readonly string[]
}

async function send(
  options: ValidateRequestOptions,
  start: Partial<ExchangeStart> & { readonly content?: string | Buffer },
): Promise<Outcome> {
  const { content, ...rest } = start
  const body = content === undefined ? undefined : new RequestBody(Readable.from([Buffer.from(content)]), 1000)
  const exchange = exchangeOf({ ...rest, ...(body === undefined ? {} : { body }) })
  try {
    await validateRequest(options)(() => ({ status: 200, headers: [], body: null }))(exchange)
    return { status: 200, errors: [], exchange, headers: [] }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    return { status: error.status, errors: error.options.errors ?? [], exchange, headers: error.options.headers ?? [] }
  }
}

/** A validator that finds these errors whenever it is asked. */
function finding(...errors: readonly Partial<ValidationError>[]): Validator {
  const validator: Validator = () => errors.length === 0
  validator.errors = errors.map((error) => ({ instancePath: '', schemaPath: '', keyword: 'x', params: {}, ...error }))
  return validator
}

const typed = (type: string) => ({ headers: ['Content-Type', type] })

describe('parameters', () => {
  const options: ValidateRequestOptions = {
    path: [{ name: 'id', decode: integer }],
    query: [
      { name: 'q', required: true },
      { name: 'n', decode: integer, allowEmptyValue: true },
    ],
    header: [{ name: 'X-Ids', decode: { items: integer } }, { name: 'X-One' }],
    cookie: [{ name: 'c', decode: integer }],
  }

  it('passes what fits, synchronously', () => {
    const exchange = exchangeOf({
      pathValues: ['1'],
      query: 'q=a&n=',
      headers: ['x-ids', '1, 2', 'X-IDS', '3', 'Cookie', 'c=1; d=2'],
    })
    const answer = validateRequest(options)(() => ({ status: 200, headers: [], body: null }))(exchange)
    expect(answer).toEqual({ status: 200, headers: [], body: null })
  })

  it('names each fault by its place', async () => {
    const { errors } = await send(options, {
      pathValues: ['x'],
      query: 'n=1&n=2&z=1',
      headers: ['X-Ids', '1,b', 'X-One', 'a', 'X-One', 'b', 'Cookie', 'c=1.5'],
    })
    expect(errors).toEqual([
      { parameter: 'id', in: 'path', detail: 'must be an integer', keyword: 'type' },
      { parameter: 'z', in: 'query', detail: 'is not declared', keyword: 'unknown' },
      { parameter: 'q', in: 'query', detail: 'is required', keyword: 'required' },
      { parameter: 'n', in: 'query', detail: 'must be given once', keyword: 'style' },
      { header: 'X-Ids', detail: 'item 1: must be an integer', keyword: 'type' },
      { header: 'X-One', detail: 'must be given once', keyword: 'style' },
      { parameter: 'c', in: 'cookie', detail: 'must be an integer', keyword: 'type' },
    ])
  })

  it('lists at most maxErrors, and none with details none', async () => {
    const query = Array.from({ length: 30 }, (_, index) => `z${index}`).join('&')
    expect((await send({}, { query })).errors).toHaveLength(10)
    expect((await send({ maxErrors: 2 }, { query })).errors).toHaveLength(2)
    expect(await send({ details: 'none' }, { query })).toMatchObject({ status: 400, errors: [] })
  })

  it('strips what is not declared and leaves the rest byte for byte', async () => {
    const { exchange } = await send(
      {
        query: [{ name: 'a b' }, { name: 'f', style: 'deepObject', decode: { properties: { x: string } } }],
        cookie: [{ name: 'c' }],
        header: [{ name: 'X-A' }],
        unknown: { query: 'strip', cookie: 'strip', header: 'strip' },
      },
      {
        query: 'z=1&a+b=%7e+%7E&&y&f%5Bx%5D=1',
        headers: ['Host', 'h', 'x-a', '1', 'X-Evil', '2', 'Cookie', 'd=1; c=%20;e', 'Accept', '*/*'],
      },
    )
    expect(exchange.query).toBe('a+b=%7e+%7E&f%5Bx%5D=1')
    expect(exchange.headers).toEqual(['Host', 'h', 'x-a', '1', 'Accept', '*/*', 'Cookie', 'c=%20'])
  })

  it('does not take credentials for unknown parameters', async () => {
    const unknown = { query: 'reject', cookie: 'reject', header: 'reject' } as const
    const credentials = { query: ['key'], cookie: ['session'], header: ['x-key'] }
    const request = {
      query: 'key=1',
      headers: ['Cookie', 'session=1', 'X-Key', '1', 'User-Agent', 'u', 'Sec-Fetch-Mode', 'cors'],
    }
    expect((await send({ unknown, credentials }, request)).status).toBe(200)
    expect((await send({ unknown }, request)).errors).toHaveLength(3)
  })

  it('gives members of exploded objects to their parameter, and the rest to one that takes any', async () => {
    const query = [{ name: 'o', decode: { properties: { a: integer } } }]
    expect((await send({ query }, { query: 'a=1' })).status).toBe(200)
    expect((await send({ query }, { query: 'a=x&b=1' })).errors).toMatchObject([
      { parameter: 'b', keyword: 'unknown' },
      { parameter: 'o', keyword: 'type' },
    ])
    const open = [{ name: 'o', decode: { properties: {}, others: integer } }]
    expect((await send({ query: open }, { query: 'x=1&y=2' })).status).toBe(200)
  })

  it('reads a whole query by its media type', async () => {
    const schema = finding()
    const querystring = { name: 'q', read: jsonBody, encoded: true, required: true, schema } as const
    expect((await send({ querystring }, { query: '%7B%22a%22%3A1%7D' })).status).toBe(200)
    expect((await send({ querystring }, { query: '' })).errors).toMatchObject([
      { in: 'querystring', keyword: 'required' },
    ])
    expect((await send({ querystring }, { query: '%7B' })).errors).toMatchObject([{ parameter: 'q', keyword: 'json' }])
  })

  it('judges JSON in a parameter by its schema', async () => {
    const query = [
      {
        name: 'f',
        decode: json,
        schema: finding({ instancePath: '/a', keyword: 'minimum', params: { comparison: '>=', limit: 1 } }),
      },
    ]
    expect((await send({ query }, { query: 'f=%7B%22a%22:0%7D' })).errors).toEqual([
      { parameter: 'f', in: 'query', detail: 'at /a: must be at least 1', keyword: 'minimum' },
    ])
  })
})

describe('bodies', () => {
  const read = jsonBody
  const body = { required: true, content: { 'application/json': { read, schema: finding() }, 'image/*': {} } }

  it.each([
    ['application/json', '{}', 200],
    ['application/json; charset=UTF-8', '{}', 200],
    ['application/json; charset=utf-16', '{}', 415],
    ['application/xml', '<a/>', 415],
    ['nonsense', '{}', 415],
    ['image/png', 'anything', 200],
    ['application/json', '', 400],
    ['application/json', '{', 400],
    ['application/json', '{"a":1,"a":1}', 400],
  ])('%s %j is answered %i', async (type, content, status) => {
    expect((await send({ body }, { ...typed(type), content })).status).toBe(status)
  })

  it('reads nothing that it does not judge', async () => {
    const { exchange } = await send({ body }, { ...typed('image/png'), content: 'x' })
    expect(exchange.body.buffered).toBeUndefined()
  })

  it('wants a body where one is required, and none where none is declared', async () => {
    expect((await send({ body }, {})).errors).toEqual([{ pointer: '', detail: 'is required', keyword: 'required' }])
    expect((await send({}, { content: 'x' })).status).toBe(400)
    expect((await send({}, { ...typed('text/plain'), content: 'x' })).status).toBe(415)
    expect((await send({ body: { ...body, required: false } }, {})).status).toBe(200)
  })

  it('says what it would take', async () => {
    expect((await send({ body }, { ...typed('text/html'), content: 'x' })).headers).toEqual([
      'Accept',
      'application/json, image/*',
    ])
    expect((await send({ body }, { content: 'x' })).status).toBe(415)
    expect(
      (
        await send(
          { body },
          { headers: ['Content-Type', 'application/json', 'content-type', 'image/png'], content: '{}' },
        )
      ).status,
    ).toBe(400)
    expect((await send({ body, contentType: 'any' }, { ...typed('text/html'), content: 'x' })).status).toBe(200)
  })

  it('reports parameters and body together', async () => {
    const schema = finding({ instancePath: '/a', keyword: 'required', params: { missingProperty: 'b/c' } })
    const { errors } = await send(
      { query: [{ name: 'q', required: true }], body: { content: { 'application/json': { read, schema } } } },
      { ...typed('application/json'), content: '{}' },
    )
    expect(errors).toEqual([
      { parameter: 'q', in: 'query', detail: 'is required', keyword: 'required' },
      { pointer: '/a/b~1c', detail: 'is required', keyword: 'required' },
    ])
  })

  it('looks through content codings, no further than the limit', async () => {
    const gzip = { headers: ['Content-Type', 'application/json', 'Content-Encoding', 'gzip'] }
    expect((await send({ body }, { ...gzip, content: gzipSync('{}') })).status).toBe(200)
    expect((await send({ body }, { ...gzip, content: gzipSync('{') })).status).toBe(400)
    expect((await send({ body }, { ...gzip, content: 'no gzip' })).status).toBe(400)
    expect((await send({ body }, { ...gzip, content: gzipSync(`"${'a'.repeat(5000)}"`) })).status).toBe(413)
    const odd = { headers: ['Content-Type', 'application/json', 'Content-Encoding', 'odd'] }
    expect(await send({ body }, { ...odd, content: '{}' })).toMatchObject({
      status: 415,
      headers: ['Accept-Encoding', expect.any(String)],
    })
  })

  it('judges text', async () => {
    let seen: unknown
    const schema: Validator = (data) => {
      seen = data
      return true
    }
    const text = { content: { 'text/plain': { read: textBody, schema } } }
    await send({ body: text }, { ...typed('text/plain; charset=iso-8859-1'), content: Buffer.from([0xe9]) })
    expect(seen).toBe('é')
    expect((await send({ body: text }, { ...typed('text/plain'), content: Buffer.from([0xe9]) })).status).toBe(400)
    expect((await send({ body: text }, { ...typed('text/plain; charset=klingon'), content: 'x' })).status).toBe(415)
  })
})

describe('forms', () => {
  const type = 'application/x-www-form-urlencoded'
  let seen: unknown
  const schema: Validator = (data) => {
    seen = data
    return true
  }
  const fields = [
    { name: 'a', decode: integer },
    { name: 'list', decode: { items: string } },
    { name: 'o', decode: json },
    { name: 'd', style: 'deepObject', decode: { properties: { x: integer } } },
  ] as const
  const body = (more: object = {}) => ({ content: { [type]: { read: formBody, fields, schema, ...more } } })

  it('reads fields as their schema says', async () => {
    const content = 'a=1&list=x+y&list=%26&o=%7B%22k%22%3A1%7D&d[x]=2'
    expect((await send({ body: body() }, { ...typed(type), content })).status).toBe(200)
    expect(seen).toEqual({ a: 1, list: ['x y', '&'], o: { k: 1 }, d: { x: 2 } })
  })

  it('points at fields', async () => {
    const { errors } = await send({ body: body() }, { ...typed(type), content: 'a=x&z=1&a=2' })
    expect(errors).toEqual([
      { pointer: '/z', detail: 'is not declared', keyword: 'unknown' },
      { pointer: '/a', detail: 'must be given once', keyword: 'style' },
    ])
  })

  it('passes, strips or reads other fields', async () => {
    const request = { ...typed(type), content: 'z=%31&a=1&y' }
    expect((await send({ body: body(), unknown: { form: 'pass' } }, request)).exchange.body.buffered?.toString()).toBe(
      'z=%31&a=1&y',
    )
    expect((await send({ body: body(), unknown: { form: 'strip' } }, request)).exchange.body.buffered?.toString()).toBe(
      'a=1',
    )
    expect((await send({ body: body({ otherFields: string }) }, request)).status).toBe(200)
    expect(seen).toEqual({ a: 1, z: '1', y: '' })
  })
})

describe('detect', () => {
  it('notes what is wrong and changes nothing', async () => {
    const request = { query: 'z=1', ...typed('text/html'), content: 'x' }
    const options: ValidateRequestOptions = {
      mode: 'detect',
      unknown: { query: 'strip' },
      query: [{ name: 'q', required: true }],
    }
    const { status, exchange } = await send(options, request)
    expect(status).toBe(200)
    expect(exchange.query).toBe('z=1')
    expect(exchange.events).toEqual([
      {
        policy: 'validateRequest',
        event: 'detected',
        detail: {
          faults: [
            { parameter: 'q', keyword: 'required' },
            { pointer: '', keyword: 'unknown' },
          ],
        },
      },
    ])
  })
})
