import { Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { Rejection } from '../../core/rejection.ts'
import type { SanitizeOptions } from './options.ts'
import { sanitize } from './sanitize.ts'

const strip: SanitizeOptions = {
  undeclared: 'strip',
  hide5xx: true,
  removeHeaders: ['Server'],
  responses: {
    200: {
      content: {
        'application/json': { shape: { properties: { a: 'plain' } } },
        'text/csv': {},
        'application/xml': { isOpaque: true },
      },
    },
    204: {},
    '4XX': { content: { 'application/problem+json': { shape: { properties: { title: 'plain' } } } } },
  },
}

async function run(options: SanitizeOptions, given: Partial<Answer>, exchange: Exchange = exchangeOf()) {
  const answer: Answer = { status: 200, headers: ['Content-Type', 'application/json'], body: null, ...given }
  let asked: string[] = []
  try {
    const out = await sanitize(options)((seen) => {
      asked = seen.headers
      return answer
    })(exchange)
    return { status: out.status, headers: out.headers, body: out.body?.toString() ?? null, asked, exchange }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    return { status: error.status, headers: [], body: null, asked, exchange }
  }
}

const json = ['Content-Type', 'application/json']
const events = ({ events }: Exchange) => events?.map(({ event, detail }) => [event, detail]) ?? []

describe('sanitize', () => {
  it('strips, and says where', async () => {
    const body = Readable.from([Buffer.from('{"a":1,"x":"se'), Buffer.from('cret","y":2}')])
    const headers = [...json, 'ETag', '"1"', 'Content-Length', '26', 'server', 'x', 'Digest', 'y']
    const { body: text, headers: fields, exchange } = await run(strip, { body, headers })
    expect(text).toBe('{"a":1}')
    expect(fields).toEqual([...json, 'ETag', 'W/"1"'])
    expect(events(exchange)).toEqual([['stripped', { status: 200, undeclared: { '/x': 1, '/y': 1 } }]])
    expect(JSON.stringify(exchange.events)).not.toContain('secret')
  })

  it('leaves what needs nothing as it came', async () => {
    const given = Buffer.from('{"a":1}')
    const answer = await sanitize(strip)(() => ({ status: 200, headers: [...json, 'ETag', '"1"'], body: given }))(
      exchangeOf(),
    )
    expect(answer.body).toBe(given)
    expect(answer.headers).toEqual([...json, 'ETag', '"1"'])
  })

  it.each<[string, Partial<Answer>, number, string | null]>([
    ['no JSON', { body: '{' }, 502, null],
    ['another type', { body: 'x', headers: ['content-type', 'text/html'] }, 502, null],
    ['no type', { body: 'x', headers: [] }, 502, null],
    ['a declared type without members', { body: 'a,b', headers: ['content-type', 'text/csv'] }, 200, 'a,b'],
    ['members that cannot be looked at', { body: '<a/>', headers: ['content-type', 'application/xml'] }, 502, null],
    ['a part', { status: 206, body: '{"a":1' }, 502, null],
    ['an undeclared status', { status: 201, body: '{}' }, 502, null],
    ['an undeclared status without a body', { status: 201 }, 201, null],
    ['a body nobody declared', { status: 204, body: 'x' }, 204, 'x'],
    [
      'an error of another type',
      { status: 404, body: '{"x":1}' },
      404,
      '{"type":"about:blank","title":"Not Found","status":404,"instance":"urn:uuid:00000000-0000-4000-8000-000000000000"}',
    ],
    [
      'a declared error',
      { status: 404, body: '{"x":1,"title":"t"}', headers: ['content-type', 'application/problem+json'] },
      404,
      '{"title":"t"}',
    ],
    [
      'a failure',
      { status: 503, body: 'stack' },
      503,
      '{"type":"about:blank","title":"Service Unavailable","status":503,"instance":"urn:uuid:00000000-0000-4000-8000-000000000000"}',
    ],
    ['not modified', { status: 304 }, 304, null],
  ])('%s', async (_, answer, status, body) => {
    const got = await run(strip, answer)
    expect([got.status, got.body]).toEqual([status, body])
  })

  it('undoes codings, and asks for none and no parts', async () => {
    const coded = await run(
      strip,
      { body: gzipSync('{"a":1,"x":2}'), headers: [...json, 'Content-Encoding', 'gzip'] },
      exchangeOf({ headers: ['Range', 'bytes=0-1', 'Accept-Encoding', 'br', 'X', '1'] }),
    )
    expect([coded.body, coded.headers]).toEqual(['{"a":1}', json])
    expect(coded.asked).toEqual(['X', '1', 'Accept-Encoding', 'identity'])
    expect(coded.exchange.headers).toHaveLength(6)
    expect((await run(strip, { body: 'x', headers: [...json, 'Content-Encoding', 'gzip'] })).status).toBe(502)
    const same = await sanitize({ ...strip, undeclared: 'pass', responses: {} })(() => ({
      status: 200,
      headers: ['content-encoding', 'gzip'],
      body: gzipSync('{}'),
    }))(exchangeOf())
    expect(gunzipSync(same.body as Buffer).toString()).toBe('{}')
  })

  it('refuses what is too large, wherever it grows', async () => {
    const small = { ...strip, maxSize: 100 }
    const long = `{"a":"${'a'.repeat(100)}"}`
    expect((await run(small, { body: Readable.from([Buffer.from(long)]) })).status).toBe(502)
    expect((await run(small, { body: gzipSync(long), headers: [...json, 'content-encoding', 'gzip'] })).status).toBe(
      502,
    )
    expect((await run(small, { body: long })).status).toBe(502)
    expect((await run({ ...strip, maxDepth: 2 }, { body: '{"a":[[1]]}' })).status).toBe(502)
  })

  it('blocks instead of stripping', async () => {
    const block: SanitizeOptions = { ...strip, undeclared: 'block' }
    const { status, exchange } = await run(block, { body: '{"a":1,"x":2}' })
    expect([status, events(exchange)]).toEqual([502, [['blocked', { status: 200, undeclared: { '/x': 1 } }]]])
    expect((await run(block, { body: '{"a":1}' })).body).toBe('{"a":1}')
  })

  it('keeps fields that are allowed, declared or HTTP’s own', async () => {
    const options: SanitizeOptions = {
      ...strip,
      undeclared: 'pass',
      responses: { 200: { headers: ['X-Total'] } },
      allowHeaders: ['X-Mine'],
      vary: ['X-Key'],
    }
    const headers = [
      'Content-Type',
      'a/b',
      'x-total',
      '1',
      'X-MINE',
      '2',
      'X-Debug',
      '3',
      'Set-Cookie',
      'a',
      'Vary',
      'Accept',
      'Server',
      'x',
    ]
    expect((await run(options, { headers })).headers).toEqual([
      'Content-Type',
      'a/b',
      'x-total',
      '1',
      'X-MINE',
      '2',
      'Vary',
      'Accept, X-Key',
    ])
  })

  it('detects in strings and texts', async () => {
    const options = {
      undeclared: 'pass',
      hide5xx: false,
      responses: {},
      detect: { mail: 'email', card: 'card' },
      action: 'mask',
    } as const
    const body = '{"a":"to ann@example.com, \\u0061nn@example.com","b":["4111 1111 1111 1111"],"n":1.0}'
    const masked = await run(options, { body })
    expect(masked.body).toBe('{"a":"to ***, ***","b":["***"],"n":1.0}')
    expect(events(masked.exchange)).toEqual([['detected', { status: 200, detected: { '/*': 1, '/*/*': 1 } }]])
    expect((await run({ ...options, action: 'strip' }, { body })).body).toBe('{"b":[],"n":1.0}')
    expect((await run({ ...options, action: 'block' }, { body })).status).toBe(502)
    const text = { body: 'to ann@example.com', headers: ['content-type', 'text/plain; charset=utf-8'] }
    expect((await run(options, text)).body).toBe('to ***')
    expect((await run(options, { ...text, headers: ['content-type', 'text/event-stream'] })).body).toBe(
      'to ann@example.com',
    )
    expect((await run(options, { body: '"ann@example.com"' })).body).toBe('"***"')
  })

  it.each<[string, string, Buffer]>([
    ['text/plain; charset=utf-16le', '\ufeff', Buffer.from('\ufeffto ann@example.com é', 'utf16le')],
    ['text/plain; charset=utf-16', '', Buffer.from('to ann@example.com é', 'utf16le').swap16()],
    ['application/xml', '', Buffer.from('to ann@example.com é', 'utf16le')],
    ['', '\ufeff', Buffer.from('\ufeffto ann@example.com é', 'utf16le')],
    ['application/x-www-form-urlencoded; charset=utf-16le', '', Buffer.from('to ann@example.com é', 'utf16le')],
    ['text/plain; charset=windows-1252', '', Buffer.from('to ann@example.com é', 'latin1')],
  ])('detects in %s, and leaves the rest as it is written', async (type, mark, body) => {
    const options = { undeclared: 'pass', hide5xx: false, responses: {}, detect: { mail: 'email' } } as const
    const answer = await sanitize(options)(() => ({ status: 200, headers: ['content-type', type], body }))(exchangeOf())
    const masked = Buffer.from(`${mark}to *** é`, type.includes('1252') ? 'latin1' : 'utf16le')
    expect(answer.body).toEqual(type.endsWith('utf-16') ? masked.swap16() : masked)
  })

  it('lets interim answers tell no more in their fields', async () => {
    const told = (options: Partial<SanitizeOptions>): unknown[] => {
      const exchange = exchangeOf()
      const sent: unknown[] = []
      exchange.interim = { sendInterim: (status, fields) => sent.push(status, fields) }
      void sanitize({ ...strip, ...options })(({ interim }) => {
        interim?.sendInterim(103, ['Link', '</a>', 'SERVER', 'x', 'X-Mine', 'y', 'X-Other', 'z'])
        return { status: 204, headers: [], body: null }
      })(exchange)
      return sent
    }
    expect(told({})).toEqual([103, ['Link', '</a>', 'X-Mine', 'y', 'X-Other', 'z']])
    expect(told({ allowHeaders: ['x-mine'] })).toEqual([103, ['Link', '</a>', 'X-Mine', 'y']])
    expect(told({ undeclared: 'pass', responses: {}, removeHeaders: ['link'] })).toEqual([
      103,
      ['SERVER', 'x', 'X-Mine', 'y', 'X-Other', 'z'],
    ])
  })

  it('lets a handshake tell no more than other answers, and what makes it one', async () => {
    const handshake = ['Upgrade', 'websocket', 'Connection', 'Upgrade', 'Sec-WebSocket-Accept', 'a']
    const tunnel = {} as NonNullable<Answer['tunnel']>
    const headers = [...handshake, 'X-Other', 'y', 'Set-Cookie', 'a=b', 'Server', 'x']
    const { headers: left } = await run({ ...strip, allowHeaders: [] }, { status: 101, headers, tunnel })
    expect(left).toEqual(handshake)
  })
})
