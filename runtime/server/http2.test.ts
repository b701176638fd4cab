import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { ClientHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Authority } from '../../test/support/certificates.ts'
import { ask, openHttp2 } from '../../test/support/http2-client.ts'
import { runService, type TestService } from '../../test/support/running-service.ts'
import { valuesOf } from '../../test/support/send.ts'
import { tls } from './tls.ts'

let upstream: Server
let answer: RequestListener
let ca: Authority
let service: TestService
let session: ClientHttp2Session
/** Fields the upstream has seen, of the last request. */
let seen: string[] = []
let aborted = 0

beforeAll(async () => {
  ca = await Authority.create()
  const pair = await ca.issue()
  upstream = createServer((request, response) => {
    seen = request.rawHeaders
    response.on('close', () => {
      if (!response.writableFinished) aborted++
    })
    answer(request, response)
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const { port } = upstream.address() as AddressInfo
  service = await runService(`http://127.0.0.1:${port}`, {
    operation: { bodyLimit: 100_000 },
    service: { tls: tls(pair) },
  })
  session = openHttp2(service.url, { ca: ca.cert })
})

beforeEach(() => {
  seen = []
  answer = (request, response) => {
    request.resume()
    request.on('end', () => response.end('ok'))
  }
})

afterAll(() => {
  session.destroy()
  service.stop()
  upstream.close()
  upstream.closeAllConnections()
})

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 800 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 25))
  expect(holds()).toBe(true)
}

const frame = (type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0)])
// HPACK (RFC 7541): GET, https, /x as a literal, localhost.
const literals = (fields: readonly string[]): Buffer =>
  Buffer.concat(
    fields.map((text, i) =>
      Buffer.concat([Buffer.from(i % 2 === 0 ? [0, text.length] : [text.length]), Buffer.from(text)]),
    ),
  )
const head = Buffer.concat([
  Buffer.from([0x82, 0x87, 0x04, 2]),
  Buffer.from('/x'),
  Buffer.from([0x01, 9]),
  Buffer.from('localhost'),
])
const open = async (): Promise<TLSSocket> => {
  const { port } = new URL(service.url)
  const socket = connect({
    port: Number(port),
    host: '127.0.0.1',
    servername: 'localhost',
    ca: ca.cert,
    ALPNProtocols: ['h2'],
  })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  socket.resume()
  socket.write(preface)
  return socket
}

describe('an HTTP/2 request', () => {
  it('goes on as the HTTP/1.1 message it stands for', async () => {
    await ask(session, [
      ':path',
      '/x?a=1',
      ':authority',
      'localhost',
      'cookie',
      'a=1',
      'x-two',
      '1',
      'cookie',
      'b=2',
      'x-two',
      '2',
      'te',
      'trailers',
    ])
    expect(valuesOf(seen, 'cookie')).toEqual(['a=1; b=2'])
    expect(valuesOf(seen, 'x-two')).toEqual(['1', '2'])
    expect(valuesOf(seen, 'te')).toEqual([])
    expect(valuesOf(seen, 'via')).toEqual(['2.0 specgate'])
    expect(valuesOf(seen, 'x-forwarded-proto')).toEqual(['https'])
    expect(valuesOf(seen, 'x-forwarded-host')).toEqual(['localhost'])
    expect(seen.some((text) => text.startsWith(':'))).toBe(false)
  })

  it.each<[string, number, string[]]>([
    ['a path nobody declares', 404, [':path', '/nope']],
    ['a method nobody declares', 405, [':method', 'PATCH', ':path', '/x']],
    ['a dot segment', 400, [':path', '/x/../y']],
    ['two hosts', 400, [':path', '/x', ':authority', 'localhost', 'host', 'elsewhere']],
    ['a host that is no host', 400, [':path', '/x', ':authority', 'a,b']],
    ['too many fields', 431, [':path', '/x', 'x-long', 'x'.repeat(20_000)]],
    ['too long a target', 414, [':path', `/x?${'a'.repeat(10_000)}`]],
    ['an expectation of something else', 417, [':path', '/x', ':method', 'POST', 'expect', 'miracles']],
  ])('with %s is refused', async (_, status, fields) => {
    const list = fields.includes(':authority') ? fields : [':authority', 'localhost', ...fields]
    const answered = await ask(session, list)
    expect([answered.status, answered.reset]).toEqual([status, 0])
    expect(valuesOf(answered.fields, 'content-type')).toEqual(['application/problem+json'])
    expect(seen).toEqual([])
  })

  it.each([
    ['a user in the authority', [':path', '/x', ':authority', 'u@localhost']],
    ['a path that is none', [':path', 'x', ':authority', 'localhost']],
    ['a field in upper case', [':path', '/x', ':authority', 'localhost', 'X-Upper', '1']],
    ['a wrong length', [':path', '/x', ':authority', 'localhost', 'content-length', '3']],
  ])('that is malformed is reset: %s', async (_, fields) => {
    const socket = await open()
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.write(frame(1, 5, 1, literals([':method', 'GET', ':scheme', 'https', ...fields])))
    // RST_STREAM of stream 1 with PROTOCOL_ERROR (RFC 9113 §8.1.1).
    await until(() => Buffer.concat(chunks).includes(frame(3, 0, 1, Buffer.from([0, 0, 0, 1]))))
    expect(seen).toEqual([])
    socket.destroy()
  })

  it('with a body of any length', async () => {
    const sizes: number[] = []
    answer = (request, response) => {
      let size = 0
      request.on('data', (chunk: Buffer) => {
        size += chunk.length
      })
      request.on('end', () => {
        sizes.push(size)
        response.end()
      })
    }
    await ask(session, { ':path': '/x', ':method': 'POST', 'content-length': '3' }, 'abc')
    expect(valuesOf(seen, 'content-length')).toEqual(['3'])
    await ask(session, { ':path': '/x', ':method': 'POST' }, Buffer.alloc(90_000))
    expect(valuesOf(seen, 'transfer-encoding')).toEqual(['chunked'])
    expect(sizes).toEqual([3, 90_000])
  })

  it('with too large a body is answered before it has been read', async () => {
    const declared = await ask(
      session,
      { ':path': '/x', ':method': 'POST', 'content-length': '200000' },
      Buffer.alloc(200_000),
    )
    expect(declared.status).toBe(413)
    const streamed = await ask(session, { ':path': '/x', ':method': 'POST' }, Buffer.alloc(2_000_000))
    expect(streamed.status).toBe(413)
    expect((await ask(session, { ':path': '/x' })).status).toBe(200)
  })

  it('that waits with its body is asked for it once it may come', async () => {
    const asked = await ask(session, { ':path': '/x', ':method': 'POST', expect: '100-continue' }, 'abc')
    expect([asked.status, asked.interim]).toEqual([200, [100]])
    const refused = await ask(session, { ':path': '/nope', ':method': 'POST', expect: '100-continue' }, 'abc')
    expect([refused.status, refused.interim]).toEqual([404, []])
  })

  it('whose body comes too slowly is 408', async () => {
    const { port } = upstream.address() as AddressInfo
    const strict = await runService(`http://127.0.0.1:${port}`, {
      service: { tls: tls(await ca.issue()), patience: { body: 1_000 } },
    })
    const slow = openHttp2(strict.url, { ca: ca.cert })
    const stream = slow.request({ ':path': '/x', ':method': 'POST' }, { endStream: false })
    stream.on('error', () => {})
    stream.write('a')
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>]
    expect(headers[':status']).toBe(408)
    slow.destroy()
    strict.stop()
  }, 30_000)

  it('that is given up ends the call to the upstream', async () => {
    aborted = 0
    answer = () => {}
    const stream = session.request({ ':path': '/x' })
    stream.on('error', () => {})
    await until(() => seen.length > 0)
    stream.close(8)
    await until(() => aborted === 1)
  })
})

describe('an answer over HTTP/2', () => {
  it('carries fields as they are, but none that speak of connections', async () => {
    answer = (_, response) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
      response.setHeader('Keep-Alive', 'timeout=9')
      response.setHeader('X-Mixed', 'Case')
      response.end('ok')
    }
    const { fields, body } = await ask(session, { ':path': '/x' })
    expect(valuesOf(fields, 'set-cookie')).toEqual(['a=1', 'b=2'])
    expect(fields.filter((_, i) => i % 2 === 0)).toContain('x-mixed')
    expect(fields.join()).not.toMatch(/connection|keep-alive|transfer-encoding/)
    expect(valuesOf(fields, 'content-length')).toEqual(['2'])
    expect(body.toString()).toBe('ok')
  })

  it('may be long, have trailers and be announced', async () => {
    answer = (_, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.setHeader('Trailer', 'x-sum')
      response.write(Buffer.alloc(300_000))
      response.addTrailers({ 'x-sum': '7' })
      response.end()
    }
    const got = await ask(session, { ':path': '/x' })
    expect([got.interim, got.body.length, got.trailers?.['x-sum'], got.reset]).toEqual([[103], 300_000, '7', 0])
  })

  it('to HEAD has no body', async () => {
    answer = (_, response) => response.setHeader('Content-Length', 5).end()
    const got = await ask(session, { ':path': '/x', ':method': 'HEAD' })
    expect([got.status, got.body.length]).toEqual([200, 0])
    expect(valuesOf(got.fields, 'content-length')).toEqual(['5'])
  })

  it('that breaks off is reset, not ended', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Length': '200000' })
      response.write(Buffer.alloc(100_000))
      setTimeout(() => response.destroy(), 50)
    }
    const got = await ask(session, { ':path': '/x' })
    expect(got.status).toBe(200)
    expect(got.reset).not.toBe(0)
    expect(got.body.length).toBeLessThan(200_000)
  })
})

describe('a hostile client', () => {
  it.each<[string, (i: number) => Buffer]>([
    [
      'resets what it has just asked for',
      (i) => Buffer.concat([frame(1, 5, 2 * i + 1, head), frame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8]))]),
    ],
    [
      'never ends its head',
      (i) => (i === 0 ? frame(1, 1, 1, head) : frame(9, 0, 1, Buffer.from([0x40, 1, 0x61, 1, 0x61]))),
    ],
    ['sends frames without anything in them', (i) => (i === 0 ? frame(1, 4, 1, head) : frame(0, 0, 1))],
    ['sends nothing but settings', () => frame(4, 0, 0, Buffer.from([0, 3, 0, 0, 0, 100]))],
    ['sends nothing but pings', () => frame(6, 0, 0, Buffer.alloc(8))],
    ['sends what is no frame', () => Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('that %s is cut off, and nobody else notices', async (_, nth) => {
    answer = (request, response) => void request.on('close', () => response.end())
    const socket = await open()
    let isClosed = false
    socket.once('close', () => {
      isClosed = true
    })
    for (let i = 0; i < 20_000 && !isClosed; i += 100) {
      socket.write(Buffer.concat(Array.from({ length: 100 }, (_, j) => nth(i + j))))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => isClosed)
    answer = (_, response) => response.end('ok')
    expect((await ask(session, { ':path': '/x' })).status).toBe(200)
  })

  it('may open a hundred streams at once and no more', async () => {
    answer = () => {}
    const greedy = openHttp2(service.url, { ca: ca.cert })
    await once(greedy, 'remoteSettings')
    expect(greedy.remoteSettings.maxConcurrentStreams).toBe(100)
    greedy.destroy()
  })
})

it('makes room for new connections by ending idle ones, and only those', async () => {
  const { port } = upstream.address() as AddressInfo
  const narrow = await runService(`http://127.0.0.1:${port}`, {
    service: { tls: tls(await ca.issue()), limits: { connections: 1 } },
  })
  answer = () => {}
  const busy = openHttp2(narrow.url, { ca: ca.cert })
  let isClosed = false
  busy.once('close', () => {
    isClosed = true
  })
  const stream = busy.request({ ':path': '/x' })
  stream.on('error', () => {})
  await until(() => seen.length > 0)
  const second = openHttp2(narrow.url, { ca: ca.cert })
  await new Promise((resolve) => second.once('close', resolve))
  expect(isClosed).toBe(false)
  busy.destroy()
  narrow.stop()
})

it('lets open streams finish when the service stops, and takes no more', async () => {
  const { port } = upstream.address() as AddressInfo
  const pair = await ca.issue()
  const leaving = await runService(`http://127.0.0.1:${port}`, { service: { tls: tls(pair) } })
  let finish = (): void => {}
  answer = (_, response) => {
    finish = () => void response.end('late')
  }
  const client = openHttp2(leaving.url, { ca: ca.cert })
  const goaway = once(client, 'goaway')
  const late = ask(client, { ':path': '/x' })
  await until(() => seen.length > 0)
  const closed = leaving.close()
  await goaway
  finish()
  expect((await late).body.toString()).toBe('late')
  await closed
})
