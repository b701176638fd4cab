import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { type Answer, isStreamed } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { Rejection } from '../../core/rejection.ts'
import type { Validator } from '../../core/validator.ts'
import { integer } from '../../validation/scalars.ts'
import { type ValidateResponseOptions, validateResponse } from './validate-response.ts'

/** Wants an object with `id`. */
const hasId: Validator = (data) => {
  const isGood = typeof data === 'object' && data !== null && 'id' in data
  hasId.errors = isGood
    ? null
    : [{ instancePath: '', schemaPath: '', keyword: 'required', params: { missingProperty: 'id' } }]
  return isGood
}

const responses: ValidateResponseOptions['responses'] = {
  200: { content: { 'application/json': { schema: hasId }, 'text/event-stream': {} } },
  201: { headers: [{ name: 'X-Count', required: true, decode: integer }] },
  '4XX': { content: { 'application/problem+json': {} } },
}

async function receive(
  options: Partial<ValidateResponseOptions>,
  answer: Partial<Answer>,
  exchange: Exchange = exchangeOf(),
): Promise<{ status: number; body: string | null; exchange: Exchange; answer?: Answer }> {
  const given: Answer = { status: 200, headers: ['Content-Type', 'application/json'], body: null, ...answer }
  try {
    const passed = await validateResponse({ responses, ...options })(() => given)(exchange)
    const { body } = passed
    const text = isStreamed(body) ? (await buffer(body)).toString() : body === null ? null : body.toString()
    return { status: passed.status, body: text, exchange, answer: passed }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    return { status: error.status, body: null, exchange }
  }
}

const faultsOf = (exchange: Exchange) => exchange.events?.map(({ event, detail }) => [event, detail?.['faults']]) ?? []
const streamed = (...chunks: (string | Buffer)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)))

describe('validateResponse', () => {
  it.each([
    ['bytes that fit', { body: Buffer.from('{"id":1}') }, []],
    ['text that fits', { body: '{"id":1}' }, []],
    ['bytes that do not', { body: Buffer.from('{}') }, [{ pointer: '/id', keyword: 'required' }]],
    ['no JSON', { body: '{' }, [{ pointer: '', keyword: 'json' }]],
    [
      'another type',
      { body: 'x', headers: ['content-type', 'text/html'] },
      [{ header: 'Content-Type', keyword: 'mediaType' }],
    ],
    ['no type', { body: 'x', headers: [] }, [{ header: 'Content-Type', keyword: 'mediaType' }]],
    ['no body', { body: null }, []],
    ['a missing field', { status: 201 }, [{ header: 'X-Count', keyword: 'required' }]],
    ['a wrong field', { status: 201, headers: ['x-count', 'x'] }, [{ header: 'X-Count', keyword: 'type' }]],
    ['a right field', { status: 201, headers: ['x-count', '1'] }, []],
    ['a range', { status: 404, body: '{}', headers: ['content-type', 'application/problem+json'] }, []],
    ['an undeclared status', { status: 500, body: 'x' }, [{ pointer: '', keyword: 'status' }]],
    ['not modified', { status: 304 }, []],
  ])('%s: noted or refused', async (_, answer: Partial<Answer>, faults) => {
    const detected = await receive({}, answer)
    expect(detected.status).toBe(answer.status ?? 200)
    expect(faultsOf(detected.exchange)).toEqual(faults.length === 0 ? [] : [['detected', faults]])
    const isRefused = faults.length > 0 && answer.status !== 500
    expect((await receive({ mode: 'enforce' }, answer)).status).toBe(isRefused ? 502 : (answer.status ?? 200))
  })

  it('blocks or ignores undeclared statuses when told to', async () => {
    expect((await receive({ undeclaredStatus: 'block' }, { status: 500 })).status).toBe(502)
    const ignored = await receive({ mode: 'enforce', undeclaredStatus: 'pass' }, { status: 500 })
    expect([ignored.status, ignored.exchange.events]).toEqual([500, undefined])
  })

  it('asks nothing of bodies that HEAD leaves out', async () => {
    expect((await receive({ mode: 'enforce' }, { body: null }, exchangeOf({ method: 'HEAD' }))).status).toBe(200)
  })

  it('looks through content codings and passes the bytes that came', async () => {
    const headers = ['content-type', 'application/json', 'content-encoding', 'gzip']
    const body = gzipSync('{}')
    const { exchange, answer } = await receive({}, { headers, body })
    expect(answer?.body).toBe(body)
    expect(faultsOf(exchange)).toEqual([['detected', [{ pointer: '/id', keyword: 'required' }]]])
    expect((await receive({ mode: 'enforce' }, { headers, body: gzipSync('{"id":1}') })).status).toBe(200)
    expect((await receive({ mode: 'enforce' }, { headers, body: Buffer.from('no gzip') })).status).toBe(502)
  })

  it('judges a streamed answer while it passes', async () => {
    const source = new Readable({ read() {} })
    const exchange = exchangeOf()
    const answer: Answer = { status: 200, headers: ['content-type', 'application/json'], body: source }
    const passed = await validateResponse({ responses })(() => answer)(exchange)
    const reader = (passed.body as Readable)[Symbol.asyncIterator]()
    source.push('{"a":')
    expect(String((await reader.next()).value)).toBe('{"a":')
    source.push('1}')
    source.push(null)
    expect(String((await reader.next()).value)).toBe('1}')
    expect((await reader.next()).done).toBe(true)
    expect(faultsOf(exchange)).toEqual([['detected', [{ pointer: '/id', keyword: 'required' }]]])
  })

  it('lets what is too long pass unseen, and refuses it where it must judge', async () => {
    const long = `"${'a'.repeat(1024 * 1024)}"`
    const watched = await receive({}, { body: streamed(long) })
    expect([watched.body?.length, watched.exchange.events]).toEqual([long.length, undefined])
    expect((await receive({ mode: 'enforce' }, { body: streamed(long) })).status).toBe(502)
  })

  it('does not touch streams that are no JSON', async () => {
    const body = streamed('data: 1\n\n')
    const { answer } = await receive({ mode: 'enforce' }, { headers: ['content-type', 'text/event-stream'], body })
    expect(answer?.body).toBe(body)
  })

  it('gives up the source when nobody reads on', async () => {
    const source = new Readable({ read() {} })
    const answer: Answer = { status: 200, headers: ['content-type', 'application/json'], body: source }
    const passed = await validateResponse({ responses })(() => answer)(exchangeOf())
    ;(passed.body as Readable).destroy()
    await new Promise((resolve) => setImmediate(resolve))
    expect(source.destroyed).toBe(true)
  })
})
