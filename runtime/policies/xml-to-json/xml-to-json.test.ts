import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Answer } from '../../core/answer.ts'
import { fieldValue } from '../../core/headers.ts'
import { preference } from './negotiate.ts'
import type { XmlToJsonOptions } from './plan.ts'
import { xmlToJson } from './xml-to-json.ts'

const options: XmlToJsonOptions = {
  unwrap: 'none',
  unknown: 'drop',
  int64: 'number',
  emptyArrays: 'omit',
  responses: {
    '200': {
      mediaType: 'application/json',
      root: { value: { type: 'object', properties: { item: { type: 'array', items: { type: 'string' } } } } },
    },
  },
}

const xml = (body: Answer['body'], headers: string[] = []): Answer => ({
  status: 200,
  headers: ['Content-Type', 'application/xml', ...headers],
  body,
})
const run = (answer: Answer, own: Partial<XmlToJsonOptions> = {}): Promise<Answer> =>
  Promise.resolve(xmlToJson({ ...options, ...own })(() => answer)(exchangeOf({})))

/** Chunks of a document with `count` items, then `last`. */
async function* chunks(count: number, last: string): AsyncGenerator<Buffer> {
  yield Buffer.from('<r>')
  for (let i = 0; i < count; i++) yield Buffer.from(`<item>${'x'.repeat(1000)}</item>`)
  yield Buffer.from(last)
}

async function read(body: Answer['body']): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of body as Readable) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

describe('xmlToJson', () => {
  it('converts what comes at once, and what comes in chunks', async () => {
    expect(String((await run(xml('<r><item>a</item></r>'))).body)).toBe('{"item":["a"]}')
    const chunked = Readable.from([Buffer.from('<r><it'), Buffer.from('em>a</item></r>')])
    expect(String((await run(xml(chunked))).body)).toBe('{"item":["a"]}')
  })

  it('undoes a coding it did not ask for', async () => {
    const answer = await run(
      xml(gzipSync('<r><item>a</item></r>'), ['Content-Encoding', 'gzip', 'Content-Length', '9']),
    )
    expect(String(answer.body)).toBe('{"item":["a"]}')
    expect(fieldValue(answer.headers, 'content-encoding')).toBeUndefined()
    expect(fieldValue(answer.headers, 'content-length')).toBeUndefined()
  })

  it('streams what is large', async () => {
    const answer = await run(xml(Readable.from(chunks(8000, '</r>'))))
    expect(answer.body).toBeInstanceOf(Readable)
    expect(JSON.parse(await read(answer.body)).item).toHaveLength(8000)
  })

  it('breaks off what is large and breaks', async () => {
    const answer = await run(xml(Readable.from(chunks(8000, '<oops>'))))
    await expect(read(answer.body)).rejects.toMatchObject({ kind: 'upstream-malformed' })
  })

  it('refuses what is small and breaks, and lets go of its source', async () => {
    const source = Readable.from(chunks(3, '</x>'))
    await expect(run(xml(source))).rejects.toMatchObject({ kind: 'upstream-malformed', status: 502 })
    expect(source.destroyed).toBe(true)
  })

  it('passes on the rejection of a body that breaks by itself', async () => {
    const source = new Readable({ read() {} })
    source.push('<r>')
    setImmediate(() => source.destroy(new Error('gone')))
    await expect(run(xml(source))).rejects.toThrow('gone')
  })

  it('keeps to the limits', async () => {
    await expect(run(xml('<r><item>aaaaaaaaaa</item></r>'), { maxSize: 20 })).rejects.toMatchObject({
      kind: 'upstream-too-large',
    })
    await expect(run(xml('<r><a><b/></a></r>'), { maxDepth: 2 })).rejects.toMatchObject({ kind: 'upstream-too-large' })
  })

  it('leaves drawings, other types and answers without content alone', async () => {
    for (const type of ['image/svg+xml', 'application/xhtml+xml', 'text/html', 'application/json']) {
      const answer: Answer = { status: 200, headers: ['Content-Type', type], body: '<a/>' }
      expect((await run(answer)).body).toBe('<a/>')
    }
    const empty = { status: 200, headers: ['Content-Type', 'text/xml', 'Content-Length', '0'], body: '' }
    expect(await run(empty)).toBe(empty)
  })

  it('shows the upstream other fields than the policies outside see', async () => {
    const exchange = exchangeOf({ headers: ['Accept', 'application/json', 'If-Range', '"a"', 'X-Y', 'z'] })
    const before = exchange.headers
    let seen: string[] = []
    const policy = xmlToJson(options)((inner) => {
      seen = inner.headers
      throw new Error('stop')
    })
    await expect(policy(exchange)).rejects.toThrow('stop')
    expect(seen).toEqual([
      'X-Y',
      'z',
      'Accept',
      'application/xml, text/xml;q=0.9, */*;q=0.1',
      'Accept-Encoding',
      'identity',
    ])
    expect(exchange.headers).toBe(before)
  })

  it('notes what it did', async () => {
    const exchange = exchangeOf({})
    await xmlToJson(options)(() => xml('<r/>'))(exchange)
    await expect(xmlToJson(options)(() => xml('<r>'))(exchange)).rejects.toThrow()
    expect(exchange.events?.map(({ event }) => event)).toEqual(['converted', 'malformed'])
  })
})

describe('preference', () => {
  it.each([
    [undefined, 1],
    ['', 1],
    ['*/*', 1],
    ['application/*;q=0.4', 0.4],
    ['application/json;q=0, */*', 0],
    ['text/html, */*;q=0.8', 0.8],
    ['text/html', 0],
    ['application/json;q=nonsense', 0],
  ])('%s → %d', (accept, weight) => {
    expect(preference(accept, ['application/json'])).toBe(weight)
  })
})
