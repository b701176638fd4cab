import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileService } from './support/compile-service.ts'
import { type Received, type Sent, send, valuesOf } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** What may go wrong between an XML upstream and a caller of JSON: never is a part taken for the whole. */

const schema = {
  type: 'object',
  xml: { name: 'list' },
  properties: {
    id: { type: 'integer', xml: { attribute: true } },
    item: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' }, s: { type: 'string' } } } },
    end: { type: 'boolean' },
  },
}
const problem = {
  type: 'object',
  xml: { name: 'Error' },
  required: ['Code'],
  properties: { Code: { type: 'integer' } },
}
const xml = (of: object): object => ({ 'application/xml': { schema: of } })
const json = (of: object): object => ({ 'application/json': { schema: of } })
const get = (content: object, proxy: object = {}): object => ({
  get: {
    'x-proxy': { xmlToJson: {}, ...proxy },
    responses: {
      200: { description: 'ok', content },
      204: { description: 'none' },
      default: { description: 'no', content: json(problem) },
    },
  },
})
const document = {
  openapi: '3.1.1',
  info: { title: 'Faults', version: '1' },
  servers: [{ url: 'http://127.0.0.1:1' }],
  paths: {
    '/json': get(json(schema)),
    '/xml': get(xml(schema)),
    '/soap': get(json(schema), { xmlToJson: { unwrap: 'soap' } }),
    '/cached': get(xml(schema), { cache: { ttl: '10m' } }),
  },
}

const good =
  '<?xml version="1.0"?><list id="7"><!-- x --><item><n>1</n><s>a&amp;<![CDATA[b]]></s></item><item><n>2</n><s>ü</s></item><end>1</end></list>'
const whole = '{"id":7,"item":[{"n":1,"s":"a&b"},{"n":2,"s":"ü"}],"end":true}'

type Reply = (request: IncomingMessage, response: ServerResponse) => void

describe('an upstream of XML', () => {
  const folder = tempFolder('xml-faults')
  let server: Server
  let service: RunningService
  let reply: Reply
  let asked = 0

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked++
      reply(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    mkdirSync(join(folder.path, 'specs'))
    writeFileSync(join(folder.path, 'specs', 'faults.json'), JSON.stringify(document))
    const bundle = await compileService(folder.path, 'specs/faults.json')
    service = await startService(bundle, {
      UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    })
  }, 60_000)

  afterAll(async () => {
    await service?.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    folder.remove()
  })

  const ask = (sent: Partial<Sent> = {}): Promise<Received> => send(service.url, { target: '/json', ...sent })
  const answers = (body: string | Buffer, headers: Record<string, string> = {}, status = 200): void => {
    reply = (_, response) => {
      response.writeHead(status, {
        'Content-Type': 'application/xml',
        'Content-Length': Buffer.byteLength(body),
        ...headers,
      })
      response.end(body)
    }
  }

  it('that ends its document at any byte is 502, as a whole message and as one that breaks off', async () => {
    const bytes = Buffer.from(good)
    for (let length = 0; length < bytes.length; length++) {
      for (const declared of [length, bytes.length]) {
        // Nothing at all is no document; it passes as what it is.
        if (declared === 0) continue
        reply = (_, response) => {
          response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': declared })
          response.write(bytes.subarray(0, length))
          if (declared === length) response.end()
          else response.flushHeaders()
          if (declared !== length) setTimeout(() => response.destroy(), 1)
        }
        const { status, body } = await ask()
        expect({ length, declared, status, body: body.toString() }).toMatchObject({ status: 502 })
      }
    }
  }, 60_000)

  it('that sends a byte at a time is read as well', async () => {
    reply = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml' })
      void (async () => {
        for (const byte of Buffer.from(good)) {
          response.write(Buffer.from([byte]))
          await turn()
        }
        response.end()
      })()
    }
    const { status, body } = await ask()
    expect({ status, body: body.toString() }).toEqual({ status: 200, body: whole })
  })

  it.each([
    ['</list>', '1.1'],
    ['<item><n>x</n></item>', '1.1'],
    ['<item></wrong>', '1.1'],
    ['\u0001', '1.1'],
    ['</list>', '1.0'],
  ])(
    'that goes wrong after megabytes (%j) breaks the connection off, of HTTP/%s',
    async (wrong, version) => {
      const item = '<item><n>12345678</n><s>some text that is long enough to matter</s></item>'
      const half = `<list>${item.repeat(80_000)}`
      reply = (_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/xml' })
        response.end(`${half}${wrong}${item.repeat(80_000)}</list>`)
      }
      const { hostname, port } = new URL(service.url)
      const chunks: Buffer[] = []
      const end = await new Promise<'reset' | 'end'>((resolve, fail) => {
        const socket = createConnection({ host: hostname, port: Number(port) }, () => {
          socket.write(`GET /json HTTP/${version}\r\nHost: x\r\nConnection: close\r\n\r\n`)
        })
        socket.on('data', (chunk: Buffer) => chunks.push(chunk))
        socket.on('error', () => resolve('reset'))
        socket.on('end', () => resolve('end'))
        socket.setTimeout(20_000, () => fail(new Error('no end')))
      })
      const received = Buffer.concat(chunks)
      const head = received.subarray(0, 12).toString()
      expect(head).toBe('HTTP/1.1 200')
      // Where nothing says how long it is, only a reset tells that it is not whole.
      if (version === '1.0') expect(end).toBe('reset')
      else {
        expect(received.subarray(0, 2000).toString()).toMatch(/transfer-encoding: chunked/i)
        expect(received.subarray(-7).toString()).not.toBe('\r\n0\r\n\r\n')
      }
    },
    30_000,
  )

  it('that codes although it was asked not to is understood; what it codes wrongly is 502', async () => {
    const coded = gzipSync(good)
    answers(coded, { 'Content-Encoding': 'gzip' })
    const { status, body, rawHeaders } = await ask({ headers: { 'accept-encoding': 'gzip' } })
    expect({ status, body: body.toString() }).toEqual({ status: 200, body: whole })
    expect(valuesOf(rawHeaders, 'content-encoding')).toEqual([])
    answers(coded.subarray(0, -9), { 'Content-Encoding': 'gzip' })
    expect((await ask()).status).toBe(502)
    answers(good, { 'Content-Encoding': 'gzip' })
    expect((await ask()).status).toBe(502)
  })

  it('that says another type is not converted, and XML that is a page or a drawing neither', async () => {
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'application/octet-stream']) {
      answers(good, { 'Content-Type': type })
      const { status, body, rawHeaders } = await ask()
      expect({ status, body: body.toString(), type: valuesOf(rawHeaders, 'content-type') }).toEqual({
        status: 200,
        body: good,
        type: [type],
      })
    }
    answers('{"id":7}', { 'Content-Type': 'text/xml' })
    expect((await ask()).status).toBe(502)
  })

  it('is read by the schema of its status, default among them', async () => {
    answers('<Error><Code>007</Code></Error>', {}, 403)
    expect((await ask()).body.toString()).toBe('{"Code":7}')
    expect((await ask()).status).toBe(403)
    answers('<Error><Code>x</Code></Error>', {}, 404)
    expect((await ask()).status).toBe(502)
    answers('', { 'Content-Length': '0' }, 500)
    expect(await ask()).toMatchObject({ status: 500, body: Buffer.alloc(0) })
  })

  it('is asked by HEAD for the fields of the JSON', async () => {
    reply = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': '9999', ETag: '"a"', 'Content-MD5': 'x' })
      response.end()
    }
    const { status, rawHeaders, body } = await headOf(service.url, '/json')
    expect({ status, body }).toEqual({ status: 200, body: '' })
    expect(valuesOf(rawHeaders, 'content-type')).toEqual(['application/json'])
    expect(valuesOf(rawHeaders, 'content-length')).toEqual([])
    expect(valuesOf(rawHeaders, 'content-md5')).toEqual([])
    expect(valuesOf(rawHeaders, 'etag')).toEqual(['W/"a"'])
  })

  it('with nothing to say says nothing', async () => {
    reply = (_, response) => {
      response.writeHead(204)
      response.end()
    }
    expect(await ask()).toMatchObject({ status: 204, body: Buffer.alloc(0) })
  })

  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['application/json', 'json'],
    ['APPLICATION/JSON', 'json'],
    ['application/xml', 'xml'],
    ['application/xml, */*;q=0.1', 'xml'],
    ['text/xml', 'xml'],
    ['text/xml;q=0.4, application/json;q=0.5', 'json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'xml'],
    ['application/xml;q=0.5, application/json;q=0.5', 'json'],
    ['application/json;q=0, */*', 'xml'],
    ['application/xml;q=0, */*', 'json'],
    ['application/xml;q=0', 'none'],
    ['application/json;q=0.2, application/xml;q=0.3', 'xml'],
    ['application/json;q=0.001, application/xml;q=0', 'json'],
    ['*/*;q=0', 'none'],
    ['application/*;q=0.3, application/json;q=0.1', 'xml'],
    ['text/csv', 'none'],
    ['text/csv, */*;q=0', 'none'],
  ])('Accept: %s gets %s', async (accept, expected) => {
    answers(good)
    const { status, rawHeaders, body } = await ask({ target: '/xml', headers: accept === undefined ? {} : { accept } })
    const [type] = valuesOf(rawHeaders, 'content-type')
    if (expected === 'none') expect(status).toBe(406)
    else {
      expect({ type, body: body.toString() }).toEqual({
        type: `application/${expected}`,
        body: expected === 'json' ? whole : good,
      })
      expect(valuesOf(rawHeaders, 'vary').join().toLowerCase()).toContain('accept')
    }
  })

  it('with validators is asked again by them, and not changed means the same for the JSON', async () => {
    reply = (request, response) => {
      const isSame = /"v1"/.test(request.headers['if-none-match'] ?? '')
      response.writeHead(isSame ? 304 : 200, { ETag: '"v1"', ...(isSame ? {} : { 'Content-Type': 'text/xml' }) })
      response.end(isSame ? undefined : good)
    }
    const first = await ask({ target: '/xml' })
    expect(valuesOf(first.rawHeaders, 'etag')).toEqual(['W/"v1"'])
    const second = await ask({ target: '/xml', headers: { 'if-none-match': 'W/"v1"' } })
    expect(second).toMatchObject({ status: 304, body: Buffer.alloc(0) })
    expect(valuesOf(second.rawHeaders, 'vary').join()).toMatch(/accept/i)
  })

  it('behind a cache: JSON and XML are kept apart, and neither is given for the other', async () => {
    answers(good, { 'Cache-Control': 'max-age=600', ETag: '"c"' })
    const before = asked
    const get = async (accept: string): Promise<string> =>
      (await ask({ target: '/cached', headers: { accept } })).body.toString()
    expect(await get('application/json')).toBe(whole)
    expect(await get('application/xml')).toBe(good)
    expect(await get('application/json')).toBe(whole)
    expect(await get('application/xml')).toBe(good)
    expect(asked - before).toBe(2)
  })

  it('of SOAP that ends its envelope early is 502, fault or not', async () => {
    const fault =
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>No</faultstring></s:Fault></s:Body></s:Envelope>'
    for (let length = 1; length < fault.length; length += 3) {
      answers(fault.slice(0, length), {}, 500)
      const { status, body } = await ask({ target: '/soap' })
      expect({ status, fault: body.includes('upstream-fault') }).toEqual({ status: 502, fault: false })
    }
    answers(fault, {}, 500)
    expect(JSON.parse((await ask({ target: '/soap' })).body.toString())).toMatchObject({
      status: 500,
      detail: 'No',
      fault: { code: 'Client' },
    })
  })
})

function headOf(base: string, target: string): Promise<{ status: number; rawHeaders: string[]; body: string }> {
  return new Promise((resolve, fail) => {
    const asking = request(`${base}${target}`, { method: 'HEAD', agent: false }, (incoming) => {
      let body = ''
      incoming.on('data', (chunk) => {
        body += chunk
      })
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, rawHeaders: incoming.rawHeaders, body }))
    })
    asking.on('error', fail)
    asking.end()
  })
}
