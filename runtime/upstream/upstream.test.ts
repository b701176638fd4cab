import { createServer } from 'node:net'
import { afterEach, describe, expect, it, test } from 'vitest'
import { type FaultUpstream, faultUpstream, type RawRequest, wholeAnswer } from '../../test/support/fault-upstream.ts'
import { exchangeRaw, rawClient } from '../../test/support/raw-client.ts'
import { runService, type TestService, type TestServiceOptions } from '../../test/support/running-service.ts'
import type { Timeouts } from '../core/exchange.ts'
import type { Policy } from '../core/policy.ts'

let upstream: FaultUpstream
let service: TestService
afterEach(async () => {
  service.stop()
  await upstream.close()
})

async function given(answer: (request: RawRequest) => void, options?: TestServiceOptions): Promise<void> {
  upstream = await faultUpstream(answer)
  service = await runService(upstream.url, options)
}
const get = (target = '/x', more = '') =>
  exchangeRaw(service.url, `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${more}\r\n`)
const status = (answer: string) => Number(answer.split(' ')[1])
const within =
  (times: Partial<Timeouts>): Policy =>
  (next) =>
  (exchange) => {
    exchange.timeouts = { connect: 1_000, firstByte: 1_000, idle: 1_000, total: 5_000, ...times }
    return next(exchange)
  }
const waitFor = async (fits: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !fits(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(fits()).toBe(true)
}

describe('answers', () => {
  it('keep order, case, repetition and bytes; hop-by-hop fields stay behind', async () => {
    await given(({ socket }) =>
      socket.end(
        wholeAnswer(
          '\xff\x00ok',
          '200 Fine',
          'Set-Cookie: a=1\r\nX-B: \xe9\r\nset-cookie: b=2\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\n',
        ),
        'latin1',
      ),
    )
    const answer = await get()
    expect(answer).toContain(
      'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-B: \xe9\r\nset-cookie: b=2\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nVia: 1.1 specgate\r\n',
    )
    expect(answer).toContain('Content-Length: 4\r\n')
    expect(answer.endsWith('\r\n\r\n\xff\x00ok')).toBe(true)
    expect(answer).not.toMatch(/x-hop|keep-alive|proxy-authenticate/i)
  })

  it('without a length are passed on part by part', async () => {
    let part: (text: string) => void = () => {}
    await given(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
      part = (text) => socket.write(`${text.length.toString(16)}\r\n${text}\r\n`)
    })
    const client = await rawClient(service.url)
    client.send('GET /x HTTP/1.1\r\nHost: h\r\n\r\n')
    await client.until('text/event-stream')
    part('data: 1\n\n')
    await client.until('data: 1')
    part('data: 2\n\n')
    await client.until('data: 2')
    client.socket.destroy()
    await waitFor(() => upstream.closed() === 1)
  })

  it('without a length that came at once are sent with one', async () => {
    await given(({ socket }) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
    )
    expect(await get()).toMatch(/Content-Length: 3\r\n.*\r\n\r\nabc$/s)
  })

  it('that end with the connection are whole', async () => {
    await given(({ socket }) => socket.end('HTTP/1.0 200 OK\r\n\r\nold'))
    expect(await get()).toMatch(/\r\n\r\n(old|3\r\nold\r\n0\r\n\r\n)$/)
  })

  it('with trailers keep them, without those that would change the message', async () => {
    await given(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n')
      setTimeout(() => socket.write('0\r\nX-Sum: 42\r\nCache-Control: no-store\r\nSet-Cookie: x=1\r\n\r\n'), 30)
    })
    const answer = await get()
    expect(answer).toContain('Trailer: X-Sum')
    expect(answer).toMatch(/0\r\nX-Sum: 42\r\n\r\n$/)
  })

  it('announce trailers only where some may follow', async () => {
    const announced = 'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\n'
    await given(({ socket }) => socket.write(`${announced}Content-Length: 3\r\n\r\nabc`))
    expect(await get()).toMatch(/^HTTP\/1\.1 200 (?!.*Trailer).*\r\n\r\nabc$/s)
    await given(({ socket }) => socket.write(`${announced}Content-Length: 70000\r\n\r\n${'a'.repeat(70_000)}`))
    expect(await get()).toMatch(/^HTTP\/1\.1 200 (?!.*Trailer).*\r\n\r\na{70000}$/s)
    await given(({ socket }) => {
      socket.write(`${announced}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`)
      setTimeout(() => socket.write('0\r\nX-Sum: 42\r\n\r\n'), 30)
    })
    expect(await exchangeRaw(service.url, 'GET /x HTTP/1.0\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 200 (?!.*Trailer).*\r\n\r\nabc$/s,
    )
  })

  it('to HEAD keep the length and have no body', async () => {
    await given(({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n'))
    const answer = await exchangeRaw(service.url, 'HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/Content-Length: 99\r\n.*\r\n\r\n$/s)
    expect(upstream.requests[0]!.head).toMatch(/^HEAD \/x /)
  })

  test.each(['204 No Content', '304 Not Modified'])('of %s have no body', async (line) => {
    await given(({ socket }) => socket.write(`HTTP/1.1 ${line}\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n`))
    const answer = await get()
    expect(status(answer)).toBe(Number(line.slice(0, 3)))
    expect(answer.endsWith('\r\n\r\n')).toBe(true)
    expect(/content-length/i.test(answer)).toBe(line.startsWith('304'))
  })

  it('come after 100 Continue nobody asked for, and hints are passed on', async () => {
    await given(({ socket }) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: x\r\n\r\n')
      setTimeout(() => socket.write(wholeAnswer('ok')), 20)
    })
    const answer = await get()
    expect(answer).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n(Via: 1\.1 specgate\r\n)?\r\nHTTP\/1\.1 200 OK/,
    )
    expect(await exchangeRaw(service.url, 'GET /x HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/)
  })

  it('never show where the upstream is', async () => {
    await given(({ socket }) =>
      socket.write(
        wholeAnswer('', '302 Found', `Location: ${upstream.url}/x/7\r\nContent-Location: ${upstream.url}/x\r\n`),
      ),
    )
    const answer = await get()
    expect(answer).toContain('Location: http://h/x/7\r\nContent-Location: http://h/x\r\n')
    expect(answer).not.toContain('127.0.0.1')
  })
})

describe('faults of the upstream', () => {
  it('unreachable: 502', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    const { port } = free.address() as { port: number }
    await new Promise((resolve) => free.close(resolve))
    await given(() => {}, { upstream: { override: `http://127.0.0.1:${port}` } })
    const answer = await get()
    expect(status(answer)).toBe(502)
    expect(answer).toContain('application/problem+json')
    expect(answer).not.toContain(String(port))
  })

  test.each<[string, number, (request: RawRequest) => void]>([
    ['closes without a word', 502, ({ socket }) => socket.end()],
    ['resets', 502, ({ socket }) => socket.resetAndDestroy()],
    ['speaks something else', 502, ({ socket }) => socket.write('SSH-2.0-OpenSSH_9\r\n')],
    ['breaks off in the head', 502, ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Le')],
    ['breaks off in a short body', 502, ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')],
    ['breaks a chunk', 502, ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')],
    [
      'gives two lengths',
      502,
      ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
    ],
    [
      'gives a length and chunks',
      502,
      ({ socket }) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'),
    ],
    [
      'upgrades unasked',
      502,
      ({ socket }) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    ],
    ['sends a head without end', 502, ({ socket }) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(200_000)}`)],
    ['never answers', 504, () => {}],
    ['stalls in a short body', 504, ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')],
    [
      'drips for too long',
      504,
      ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n')
        const drip = setInterval(() => socket.write('a'), 50)
        socket.once('close', () => clearInterval(drip))
      },
    ],
  ])('%s: %d', async (_, expected, answer) => {
    await given(answer, { policies: [within({ firstByte: 250, idle: 250, total: 600 })] })
    const problem = await get()
    expect(status(problem)).toBe(expected)
    expect(problem).toContain('application/problem+json')
    await waitFor(() => upstream.closed() === upstream.connections())
  })

  it('is found out after the head has gone: the client can tell', async () => {
    await given(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n')
      socket.write('a'.repeat(1_000))
      setTimeout(() => socket.destroy(), 50)
    })
    const answer = await get()
    expect(status(answer)).toBe(200)
    expect(answer.length).toBeLessThan(200_000)
    const chunked = await runService(upstream.url)
    chunked.stop()
  })

  it('in a chunked answer never looks like its end', async () => {
    await given(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
      setTimeout(() => socket.destroy(), 50)
    })
    const answer = await get()
    expect(answer).toContain('abc')
    expect(answer).not.toContain('\r\n0\r\n')
  })

  it('does not spoil the next request', async () => {
    let count = 0
    await given(({ socket }) => {
      if (count++ === 0) socket.write(`${wholeAnswer('one')}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`)
      else socket.write(wholeAnswer('two'))
    })
    expect(await get()).toMatch(/one$/)
    expect(await get()).toMatch(/two$/)
    expect(upstream.connections()).toBe(2)
  })

  it('a kept connection that closes just then is tried once more, for what may be repeated', async () => {
    await given(({ socket, connection, head }) => {
      const isFirst = upstream.requests.filter((request) => request.connection === connection).length === 1
      if (isFirst) socket.write(wholeAnswer(head.split(' ')[0]!))
      else socket.destroy()
    })
    expect(await get()).toMatch(/GET$/)
    expect(await get()).toMatch(/GET$/)
    expect(upstream.requests.length).toBe(3)
    const post = 'POST /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
    expect(status(await exchangeRaw(service.url, post))).toBe(502)
    expect(upstream.requests.length).toBe(4)
  })
})

describe('connections', () => {
  it('are kept and used again, and no more than allowed are opened', async () => {
    await given(({ socket }) => setTimeout(() => socket.write(wholeAnswer('ok')), 20), {
      upstream: { connection: { max: 2 } },
    })
    const answers = await Promise.all(Array.from({ length: 10 }, () => get()))
    expect(answers.map(status)).toEqual(Array(10).fill(200))
    expect(upstream.connections()).toBe(2)
  })

  it('past the queue are refused with 503 and Retry-After', async () => {
    await given(() => {}, {
      upstream: { connection: { max: 1 } },
      policies: [within({ firstByte: 400, connect: 200 })],
    })
    const answers = await Promise.all(Array.from({ length: 12 }, () => get()))
    const refused = answers.filter((answer) => status(answer) === 503)
    expect(refused.length).toBeGreaterThanOrEqual(3)
    expect(refused[0]).toMatch(/Retry-After: 1\r\n/)
  })

  it('are closed when idle for long enough', async () => {
    await given(({ socket }) => socket.write(wholeAnswer('ok')), { upstream: { connection: { keepAlive: 100 } } })
    await get()
    await waitFor(() => upstream.closed() === 1)
  })
})

describe('clients that go away', () => {
  it('end the call', async () => {
    await given(() => {})
    const client = await rawClient(service.url)
    client.send('GET /x HTTP/1.1\r\nHost: h\r\n\r\n')
    await waitFor(() => upstream.requests.length === 1)
    client.socket.destroy()
    await waitFor(() => upstream.closed() === 1)
  })

  it('in the middle of a body leave no whole request behind', async () => {
    await given(() => {})
    const client = await rawClient(service.url)
    client.send('POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
    await waitFor(() => upstream.requests[0]?.body().includes('abc') === true)
    client.socket.destroy()
    await waitFor(() => upstream.closed() === 1)
    expect(upstream.requests[0]!.body()).not.toMatch(/(^|\n)0\r\n/)
  })
})
