import { once } from 'node:events'
import { createServer as createHttp1, type Server } from 'node:http'
import { constants, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runService, type TestService } from '../../test/support/running-service.ts'
import { send, valuesOf } from '../../test/support/send.ts'
import { http2 } from './http2.ts'

let upstream: Http2Server
let service: TestService
const sessions = new Set<ServerHttp2Session>()
/** What the upstream does with a stream, by the count of streams so far. */
let answer: (stream: ServerHttp2Stream, count: number) => void
let asked: string[] = []

const url = (server: Http2Server | Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const ok = (stream: ServerHttp2Stream): void => {
  stream.resume()
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'set-cookie': ['a=1', 'b=2'] })
    stream.end('ok')
  })
}
const ask = (method = 'GET', body?: string | Buffer) =>
  send(service.url, { method, target: '/x?a=1', ...(body === undefined ? {} : { body }) })

beforeAll(async () => {
  upstream = createServer()
  upstream.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {})
    session.on('close', () => sessions.delete(session))
  })
  upstream.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    asked.push(`${headers[':method']} ${headers[':path']}`)
    answer(stream as ServerHttp2Stream, asked.length)
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  service = await runService(url(upstream), { upstream: { http2: http2({ isRequired: true }) } })
})

beforeEach(() => {
  asked = []
  answer = ok
})

afterAll(() => {
  service.stop()
  for (const session of sessions) session.destroy()
  upstream.close()
})

describe('an upstream that speaks HTTP/2', () => {
  it('is asked, and answers', async () => {
    const got = await ask()
    expect([got.status, got.body.toString(), asked]).toEqual([200, 'ok', ['GET /x?a=1']])
    expect(valuesOf(got.rawHeaders, 'set-cookie')).toEqual(['a=1', 'b=2'])
    expect(got.rawHeaders.some((text) => text.startsWith(':'))).toBe(false)
  })

  it('takes bodies, short and long', async () => {
    const sizes: number[] = []
    answer = (stream) => {
      let size = 0
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length
      })
      stream.on('end', () => {
        sizes.push(size)
        stream.respond({ ':status': 204 }, { endStream: true })
      })
    }
    expect((await ask('POST', 'abc')).status).toBe(204)
    expect((await ask('POST', Buffer.alloc(900_000))).status).toBe(204)
    expect(sizes).toEqual([3, 900_000])
  })

  it('may answer at length', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 200 })
      stream.end(Buffer.alloc(2_000_000, 'x'))
    }
    const got = await ask()
    expect([got.status, got.body.length]).toEqual([200, 2_000_000])
  })

  it.each(['GET', 'POST'])('is asked again where it refused a %s, for it has done nothing', async (method) => {
    await ask()
    asked = []
    answer = (stream, count) => (count === 1 ? stream.close(constants.NGHTTP2_REFUSED_STREAM) : ok(stream))
    const got = await ask(method, method === 'POST' ? 'abc' : undefined)
    expect([got.status, asked.length]).toEqual([200, 2])
  })

  it('is not asked again where it may have done something', async () => {
    answer = (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    const got = await ask('POST', 'abc')
    expect([got.status, asked.length]).toEqual([502, 1])
  })

  it('that refuses for ever is 502', async () => {
    answer = (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)
    expect((await ask()).status).toBe(502)
    expect(asked.length).toBeLessThan(5)
  })

  it('may say goodbye between two requests', async () => {
    await ask()
    for (const session of sessions) session.goaway()
    for (let i = 0; i < 5; i++) expect((await ask('POST', 'abc')).status).toBe(200)
  })

  it('that breaks off in an answer is noticed', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 200 })
      stream.write(Buffer.alloc(100_000))
      setTimeout(() => stream.destroy(new Error('broken')), 50)
    }
    await expect(ask()).rejects.toThrow()
    answer = ok
    expect((await ask()).status).toBe(200)
  })

  it('is 502 where it speaks nothing but HTTP/1.1', async () => {
    const old = createHttp1((_, response) => response.end('old'))
    old.listen(0, '127.0.0.1')
    await once(old, 'listening')
    const before = await runService(url(old), { upstream: { http2: http2({ isRequired: true }) } })
    expect((await send(before.url, { target: '/x' })).status).toBe(502)
    before.stop()
    const either = await runService(url(old), { upstream: { http2: http2({ isRequired: false }) } })
    expect((await send(either.url, { target: '/x' })).body.toString()).toBe('old')
    either.stop()
    old.closeAllConnections()
    old.close()
  })
})
