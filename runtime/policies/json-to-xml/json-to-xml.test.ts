import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { RequestBody } from '../../core/body.ts'
import type { Exchange } from '../../core/exchange.ts'
import { fieldValue } from '../../core/headers.ts'
import { jsonToXml } from './json-to-xml.ts'
import type { JsonToXmlOptions } from './options.ts'

const options: JsonToXmlOptions = {
  root: {
    name: 'order',
    value: {
      type: 'object',
      properties: {
        id: { type: 'int64', node: 'attribute' },
        item: { type: 'array', items: { type: 'string' } },
      },
    },
  },
  mediaType: 'application/xml',
}

/** What goes upstream, fields and body, when a caller sends `body`. */
async function sent(
  body: string | Buffer | undefined,
  own: Partial<JsonToXmlOptions> = {},
  headers: string[] = ['Content-Type', 'application/json'],
): Promise<{ headers: string[]; body: string; exchange: Exchange }> {
  const exchange = exchangeOf({ headers, body: new RequestBody(undefined, 1024) })
  if (body !== undefined) exchange.body.buffered = Buffer.from(body)
  let seen: string[] = []
  await jsonToXml({ ...options, ...own })((one) => {
    seen = one.headers
    return { status: 204, headers: [], body: null }
  })(exchange)
  return { headers: seen, body: String(exchange.body.buffered ?? ''), exchange }
}

describe('jsonToXml', () => {
  it('sends XML, and says so', async () => {
    const { headers, body, exchange } = await sent('{"item":["a"],"id":90071992547409931}', {}, [
      'Content-Type',
      'application/json',
      'Digest',
      'x',
      'X-Own',
      'y',
    ])
    expect(body).toBe('<?xml version="1.0" encoding="UTF-8"?><order id="90071992547409931"><item>a</item></order>')
    expect(headers).toEqual(['X-Own', 'y', 'Content-Type', 'application/xml; charset=utf-8'])
    expect(fieldValue(exchange.headers, 'content-type')).toBe('application/json')
    expect(exchange.events).toEqual([{ policy: 'jsonToXml', event: 'converted' }])
  })

  it('wraps for SOAP of both versions', async () => {
    const first = await sent('{}', { soap: { version: '1.1', action: 'urn:Order' }, declaration: false })
    expect(first.body).toBe(
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><order></order></soap:Body></soap:Envelope>',
    )
    expect(first.headers).toEqual(['Content-Type', 'text/xml; charset=utf-8', 'SOAPAction', '"urn:Order"'])
    const none = await sent('{}', { soap: { version: '1.1' } }, [
      'Content-Type',
      'application/json',
      'SOAPAction',
      'mine',
    ])
    expect(none.headers).toEqual(['Content-Type', 'text/xml; charset=utf-8', 'SOAPAction', '""'])
    const second = await sent('{}', { soap: { version: '1.2', action: 'urn:"x' } })
    expect(second.body).toContain('<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">')
    expect(second.headers).toEqual(['Content-Type', 'application/soap+xml; charset=utf-8; action="urn:\\"x"'])
  })

  it('leaves alone what is no JSON, and what has no body', async () => {
    expect((await sent('<own/>', {}, ['Content-Type', 'application/xml'])).body).toBe('<own/>')
    expect((await sent(undefined)).body).toBe('')
    expect((await sent(undefined, { always: true }, [])).body).toContain('<order></order>')
  })

  it('undoes a content coding', async () => {
    const { body, headers } = await sent(gzipSync('{"id":1}'), {}, [
      'Content-Type',
      'application/json',
      'Content-Encoding',
      'gzip',
    ])
    expect(body).toContain('<order id="1">')
    expect(headers).toEqual(['Content-Type', 'application/xml; charset=utf-8'])
  })

  it.each([
    ['{"id":1,"id":2}', '/id', 'duplicate'],
    ['{"item":[["a"]]}', '/item/0', 'type'],
    ['{"item":["a","\\u0001"]}', '/item/1', 'xml'],
    ['{"item":["\\ud800"]}', '/item/0', 'xml'],
    ['{"item":["\\uffff"]}', '/item/0', 'xml'],
    ['{"item":', '', 'json'],
    ['{"item":["\\x"]}', '', 'json'],
    ['{"id":1.5}', '/id', 'type'],
    ['{"id":{}}', '/id', 'type'],
    ['[1]', '', 'type'],
    [`${'['.repeat(200)}${']'.repeat(200)}`, '', 'jsonDepth'],
  ])('refuses %s at %j', async (json, pointer, keyword) => {
    await expect(sent(json)).rejects.toMatchObject({
      kind: 'invalid-request',
      options: { errors: [{ pointer, keyword }] },
    })
  })

  it('refuses what is not declared where it is asked to, and another charset', async () => {
    await expect(sent('{"more":1}', { unknown: 'reject' })).rejects.toMatchObject({
      options: { errors: [{ pointer: '/more', keyword: 'unknown' }] },
    })
    expect((await sent('{"more":1}')).body).toContain('<order></order>')
    await expect(sent('{}', {}, ['Content-Type', 'application/json; charset=utf-16'])).rejects.toMatchObject({
      status: 415,
    })
  })
})
