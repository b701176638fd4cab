import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Answer } from '../../core/answer.ts'
import { RequestBody } from '../../core/body.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { BodyChanges, MemberChanges, PairChanges, TransformOptions } from './options.ts'
import { transform } from './transform.ts'

interface Sent {
  readonly headers: string[]
  readonly path: string
  readonly query: string
  readonly body: string
}

/** What goes upstream. */
async function sent(
  request: TransformOptions['request'],
  start: Partial<Exchange> & { json?: string } = {},
): Promise<Sent> {
  const { json, ...rest } = start
  const headers = json === undefined ? [] : ['Content-Type', 'application/json']
  const exchange = exchangeOf({ headers, body: new RequestBody(undefined, 1024), ...rest })
  exchange.consumer = rest.consumer
  if (json !== undefined) exchange.body.buffered = Buffer.from(json)
  let seen: Sent | undefined
  const before = { headers: exchange.headers, path: exchange.path, query: exchange.query }
  await transform({ ...(request === undefined ? {} : { request }) })((one) => {
    seen = { headers: one.headers, path: one.path, query: one.query, body: String(one.body.buffered ?? '') }
    return { status: 204, headers: [], body: null }
  })(exchange)
  expect({ headers: exchange.headers, path: exchange.path, query: exchange.query }).toEqual(before)
  return seen!
}

/** What comes back. */
async function got(response: TransformOptions['response'], answer: Partial<Answer>, method = 'GET'): Promise<Answer> {
  const whole: Answer = { status: 200, headers: ['Content-Type', 'application/json'], body: null, ...answer }
  const policy = transform({ ...(response === undefined ? {} : { response }) })
  return policy(() => whole)(exchangeOf({ method, query: 'q=1' }))
}

const body = async (changes: BodyChanges, json: string): Promise<string> =>
  String((await got({ body: changes }, { body: Buffer.from(json) })).body)
const members = (changes: MemberChanges, json: string): Promise<string> => body({ members: changes }, json)

describe('bodies', () => {
  it.each<[MemberChanges, string, string]>([
    [{ picks: true, members: { a: { keeps: true } } }, '{ "a" : 1.50, "b": 2 }', '{"a":1.50}'],
    [{ members: { b: { drops: true } } }, '{"a":90071992547409931,"b":2}', '{"a":90071992547409931}'],
    [{ members: { a: { as: 'x' } } }, '{"a":[1, 2],"c":"\\u00e9"}', '{"x":[1, 2],"c":"\\u00e9"}'],
    [{ members: { a: { as: 'b' } } }, '{"a":1,"b":2}', '{"b":1}'],
    [{ members: { a: { as: 'b' } } }, '{"b":2}', '{"b":2}'],
    [{ members: { a: { as: 'b' }, b: { as: 'a' } } }, '{"a":1,"b":2}', '{"b":1,"a":2}'],
    [{ set: { b: { json: '[1]' }, c: { json: 'null' } } }, '{"b":2,"a":1}', '{"b":[1],"a":1,"c":null}'],
    [
      { members: { a: { inside: { members: { b: { drops: true } } } } } },
      '{"a":[{"b":1,"c":2},3]}',
      '{"a":[{"c":2},3]}',
    ],
    [{ members: { a: { inside: { set: { b: { json: '1' } } } } } }, '{}', '{"a":{"b":1}}'],
    [{ members: { a: { inside: { set: { b: { text: [{ query: 'none' }] } } } } } }, '{}', '{}'],
    [
      { members: { __proto__x: { drops: true } } },
      '{"__proto__":{"a":1},"constructor":2}',
      '{"__proto__":{"a":1},"constructor":2}',
    ],
    [
      { set: { n: { text: [{ query: 'q' }], as: 'number' }, t: { text: ['a"', { query: 'q' }] } } },
      '{}',
      '{"n":1,"t":"a\\"1"}',
    ],
    [{ members: { a: { drops: true } } }, '[{"a":1,"b":2}]', '[{"b":2}]'],
    [{ members: { a: { drops: true } } }, '"text"', '"text"'],
  ])('%j makes %s %s', async (changes, json, expected) => {
    expect(await members(changes, json)).toBe(expected)
  })

  it('are taken out of objects, and put into them', async () => {
    expect(await body({ unwrap: ['d', 'e'] }, '{"d":{"e":[ 1.0 ]}}')).toBe('[ 1.0 ]')
    expect(await body({ wrap: ['a', 'b"'] }, '[1]')).toBe('{"a":{"b\\"":[1]}}')
    await expect(body({ unwrap: ['d'] }, '[]')).rejects.toMatchObject({ kind: 'upstream-invalid' })
    await expect(body({ unwrap: ['d'] }, '{')).rejects.toMatchObject({ kind: 'upstream-malformed' })
    await expect(got({ body: { wrap: ['a'] } }, { body: Buffer.from([0x22, 0xff, 0x22]) })).rejects.toMatchObject({
      kind: 'upstream-malformed',
    })
  })

  it('of answers are changed where they are JSON of a success', async () => {
    const changes = { body: { wrap: ['a'] } }
    const headers = ['Content-Type', 'application/json', 'ETag', '"1"', 'Content-Length', '2', 'X-Own', 'y']
    const changed = await got(changes, { headers, body: Buffer.from('{}') })
    expect(changed.headers).toEqual(['Content-Type', 'application/json', 'X-Own', 'y', 'ETag', 'W/"1"'])
    expect(String((await got(changes, { status: 404, body: Buffer.from('{}') })).body)).toBe('{}')
    const text = { headers: ['Content-Type', 'text/plain'], body: Buffer.from('{}') }
    expect(String((await got(changes, text)).body)).toBe('{}')
    expect((await got(changes, { headers: [...headers] }, 'HEAD')).headers).not.toContain('Content-Length')
    const coded = ['Content-Type', 'application/json', 'Content-Encoding', 'gzip']
    expect(String((await got(changes, { headers: coded, body: gzipSync('1') })).body)).toBe('{"a":1}')
  })

  it('of requests are changed, and made where none is declared', async () => {
    const changes: BodyChanges = { members: { members: { a: { as: 'b' } } } }
    expect((await sent({ body: changes }, { json: '{"a":1.0}' })).body).toBe('{"b":1.0}')
    expect((await sent({ body: changes })).body).toBe('')
    const made = await sent({ body: { members: { set: { a: { json: '1' } } } }, createsBody: true })
    expect(made.body).toBe('{"a":1}')
    expect(made.headers).toEqual(['Content-Type', 'application/json'])
    await expect(sent({ body: { unwrap: ['x'] } }, { json: '{}' })).rejects.toMatchObject({
      status: 400,
      options: { errors: [{ pointer: '/x' }] },
    })
  })
})

describe('fields', () => {
  const fields = async (changes: PairChanges, headers: string[], start: object = {}): Promise<string[]> =>
    (await sent({ headers: changes }, { headers, ...start })).headers

  it('are renamed, removed, set and added, the others as they were', async () => {
    expect(await fields({ rename: { 'x-a': 'X-B' } }, ['X-A', '1', 'X-B', '2', 'X-C', '3'])).toEqual([
      'X-B',
      '1',
      'X-C',
      '3',
    ])
    expect(await fields({ rename: { 'x-a': 'X-B' } }, ['x-b', '2'])).toEqual(['x-b', '2'])
    expect(await fields({ remove: ['X-A'] }, ['x-a', '1', 'Y', '2'])).toEqual(['Y', '2'])
    expect(await fields({ set: { 'X-A': '9' } }, ['x-a', '1', 'x-A', '2'])).toEqual(['X-A', '9'])
    expect(await fields({ add: { 'X-A': '9' } }, ['x-a', '1'])).toEqual(['x-a', '1', 'X-A', '9'])
  })

  it('hold values of the request, which cannot end them', async () => {
    const set = { 'X-Id': [{ path: 0 }, '/', { claim: 'org.id' }] as const }
    const consumer = { id: 'c', roles: [], scopes: [], claims: { org: { id: 'ö\r\nEvil: 1' } } }
    expect(await fields({ set }, [], { pathValues: ['a%0D%0Ab'], consumer })).toEqual([
      'X-Id',
      'a%0D%0Ab/%C3%B6%0D%0AEvil: 1',
    ])
  })

  it('without a value are not there, whatever the caller sent', async () => {
    expect(await fields({ set: { 'X-Id': [{ consumer: 'id' }] } }, ['X-Id', 'forged'])).toEqual([])
  })

  it('of answers are changed too', async () => {
    const answer = await got(
      { headers: { remove: ['x-a'], set: { 'X-Q': [{ query: 'q' }] } } },
      { headers: ['X-A', '1'] },
    )
    expect(answer.headers).toEqual(['X-Q', '1'])
  })
})

describe('queries and paths', () => {
  const query = async (changes: PairChanges, given: string): Promise<string> =>
    (await sent({ query: changes }, { query: given, path: '/a' })).query

  it('have their parameters changed, the others byte for byte', async () => {
    expect(await query({ rename: { a: 'b c' } }, 'a=%31&x=+&b%20c=2')).toBe('b%20c=%31&x=+')
    expect(await query({ remove: ['a'] }, 'a=1&%61=2&b')).toBe('b')
    expect(await query({ set: { a: 'x&y' }, add: { b: [{ query: 'q' }] } }, 'a=1&q=%26')).toBe('q=%26&a=x%26y&b=%26')
    expect(await query({ set: { a: [{ query: 'none' }] } }, 'a=1')).toBe('')
  })

  it('take values as parts of a segment only', async () => {
    const path = ['/v2/', { path: 0 }] as const
    expect((await sent({ path }, { pathValues: ['a%20b;c'] })).path).toBe('/v2/a%20b%3Bc')
    for (const value of ['..', '.', 'a%2Fb', 'a%5Cb', '', '%00']) {
      await expect(sent({ path }, { pathValues: [value] })).rejects.toMatchObject({ status: 400 })
    }
  })
})
