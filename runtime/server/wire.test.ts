import { afterEach, describe, expect, it, test } from 'vitest'
import { type FaultUpstream, faultUpstream, type RawRequest, wholeAnswer } from '../../test/support/fault-upstream.ts'
import { exchangeRaw, rawClient } from '../../test/support/raw-client.ts'
import { runService, type TestService, type TestServiceOptions } from '../../test/support/running-service.ts'
import type { Policy } from '../core/policy.ts'
import { reject } from '../core/rejection.ts'

let upstream: FaultUpstream
let service: TestService
afterEach(async () => {
  service.stop()
  await upstream.close()
})

const echo = ({ socket, head, body, received }: RawRequest): void => {
  void received.then(() => socket.write(wholeAnswer(`${head}\n\n${body()}`), 'latin1'))
}
async function given(options?: TestServiceOptions, answer: (request: RawRequest) => void = echo): Promise<void> {
  upstream = await faultUpstream(answer)
  service = await runService(upstream.url, options)
}
const send = (request: string) => exchangeRaw(service.url, request)
const status = (answer: string) => Number(answer.split(' ')[1])
const slowly: Policy = (next) => async (exchange) => {
  await new Promise((resolve) => setTimeout(resolve, 50))
  return next(exchange)
}
const refusing: Policy = () => () => {
  throw reject('unauthorized', { headers: ['WWW-Authenticate', 'Bearer'] })
}

describe('what goes upstream', () => {
  it('is what came: target, fields in order and case, body', async () => {
    await given()
    const answer = await send(
      'POST /x/a%20b?q=%zz&&r HTTP/1.1\r\nHost: h\r\nX-B: 1\r\nx-a: \xe9\r\nX-B: 2\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nContent-Length: 3\r\n\r\nabc',
    )
    const sent = answer.split('\r\n\r\n')[1]!
    expect(sent).toMatch(/^POST \/x\/a%20b\?q=%zz&&r HTTP\/1\.1\r\n/)
    expect(sent).toContain('X-B: 1\r\nx-a: \xe9\r\nX-B: 2\r\nVia: 1.1 specgate\r\n')
    expect(sent).toContain(
      'X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nForwarded: for=127.0.0.1;host="h";proto=http\r\n',
    )
    expect(sent).not.toMatch(/x-hop|\bte:/i)
    expect(answer).toMatch(/abc$/)
    const [, id] = /X-Request-Id: (\S+)/.exec(sent)!
    expect(answer).toContain(`X-Request-Id: ${id}\r\n`)
  })

  it('keeps chunked bodies chunked, and drops their trailers', async () => {
    await given({}, ({ socket, head, body }) => {
      const look = setInterval(() => {
        if (!body().endsWith('0\r\n\r\n')) return
        clearInterval(look)
        socket.write(wholeAnswer(`${head}\n\n${body()}`))
      }, 5)
    })
    const answer = await send(
      'PUT /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3;ext=1\r\nabc\r\n0\r\nX-T: 1\r\nHost: evil\r\n\r\n',
    )
    expect(answer).toMatch(/transfer-encoding: chunked/i)
    expect(answer).not.toMatch(/evil|X-T/)
  })

  it('takes an absolute target for what it is', async () => {
    await given()
    const answer = await send('GET http://other:81/x?a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(answer).toContain('GET /x?a HTTP/1.1')
    expect(answer).toContain('X-Forwarded-Host: other:81')
  })

  it('counts Max-Forwards down for OPTIONS and answers the last itself', async () => {
    await given({ paths: { '/x': ['GET', 'OPTIONS'] } })
    const options = (hops: number) =>
      send(`OPTIONS /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nMax-Forwards: ${hops}\r\n\r\n`)
    expect(await options(3)).toContain('Max-Forwards: 2')
    expect(await options(0)).toMatch(/^HTTP\/1\.1 204 .*Allow: GET, OPTIONS, HEAD/s)
    expect(await send('OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 204 /)
    expect(upstream.requests.length).toBe(1)
  })
})

describe('what is refused', () => {
  test.each<[string, number, string]>([
    ['no Host', 400, 'GET /x HTTP/1.1\r\n\r\n'],
    ['two Hosts', 400, 'GET /x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'],
    ['an empty Host', 400, 'GET /x HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a Host with a user', 400, 'GET /x HTTP/1.1\r\nHost: u@h\r\n\r\n'],
    ['a Host with a path', 400, 'GET /x HTTP/1.1\r\nHost: h/x\r\n\r\n'],
    ['a list of Hosts', 400, 'GET /x HTTP/1.1\r\nHost: a, b\r\n\r\n'],
    ['a target with a user', 400, 'GET http://u@h/x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a dot segment', 400, 'GET /x/%2e%2E/y HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['GET *', 400, 'GET * HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a later HTTP', 505, 'GET /x HTTP/2.0\r\nHost: h\r\n\r\n'],
    [
      'length and chunks',
      400,
      'POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['chunks in HTTP/1.0', 400, 'POST /x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['an unknown path', 404, 'GET /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'],
    ['an undeclared method', 405, 'PATCH /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'],
    ['TRACE', 405, 'TRACE /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'],
    ['CONNECT', 405, 'CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n'],
    ['a strange expectation', 417, 'GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: cake\r\n\r\n'],
    ['a long target', 414, `GET /${'a'.repeat(9_000)} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`],
    ['a very long target', 414, `GET /${'a'.repeat(60_000)}`],
    ['a large field', 431, `GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`],
    ['a very large field', 431, `GET /x HTTP/1.1\r\nHost: h\r\nX: ${'a'.repeat(60_000)}`],
    ['too many fields', 431, `GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${'X: aaaa\r\n'.repeat(1_900)}\r\n`],
    ['a long body', 413, 'POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n'],
    ['no HTTP at all', 400, '\x16\x03\x01\x02\x00\x01\r\n\r\n'],
  ])('%s: %d', async (_, expected, request) => {
    await given()
    const answer = await send(request)
    expect(status(answer)).toBe(expected)
    expect(answer).toMatch(/Content-Type: application\/problem\+json/)
    const problem: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
    expect(problem).toMatchObject({ status: expected, instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/) })
    expect(upstream.requests.length).toBe(0)
  })

  it('says which methods a path allows', async () => {
    await given()
    expect(await send('PATCH /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')).toMatch(
      /\r\nAllow: GET, HEAD, POST, PUT, DELETE\r\n/,
    )
  })

  it('tells an unknown method from a message that is none', async () => {
    await given()
    const sound = 'GET /x HTTP/1.1\r\nHost: h\r\n\r\n'
    for (const line of ['FOO /x HTTP/1.1', 'get /x HTTP/1.1', `${'A'.repeat(100)} /x HTTP/1.0`]) {
      expect(status(await send(`${line}\r\nHost: h\r\n\r\n${sound}`)), line).toBe(501)
    }
    for (const line of [
      'FOO /x',
      'FOO  /x HTTP/1.1',
      'FO\u00d6 /x HTTP/1.1',
      'FOO /x HTTP/2.0',
      '=FOO /x HTTP/1.1',
      'FOO /x HTTP/1.1 ',
    ]) {
      expect(status(await send(`${line}\r\nHost: h\r\n\r\n${sound}`)), line).toBe(400)
    }
    expect(upstream.requests.length).toBe(0)
  })

  it('ends the connection where nobody can say where the next request begins', async () => {
    await given()
    const next = 'GET /x HTTP/1.1\r\nHost: h\r\n\r\n'
    for (const bad of [
      'Content-Length: 1\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: xchunked',
      'Content-Length: 1\r\nContent-Length: 2',
    ]) {
      const answer = await send(`POST /x HTTP/1.1\r\nHost: h\r\n${bad}\r\n\r\n${next}${next}`)
      expect(answer.match(/HTTP\/1\.1 /g)?.length).toBe(1)
    }
    expect(upstream.requests.length).toBe(0)
  })

  it('a chunked body past the limit, before a byte too many went on', async () => {
    await given({ operation: { bodyLimit: 100 } }, () => {})
    const client = await rawClient(service.url)
    client.send('POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n')
    client.send(`${'a'.repeat(50)}\r\n`)
    client.send(`40\r\n${'b'.repeat(64)}\r\n`)
    expect(status(await client.until('problem+json'))).toBe(413)
    expect(upstream.requests[0]?.body() ?? '').not.toContain('b')
    client.socket.destroy()
  })

  it('faults of ours with 500 and no detail', async () => {
    await given({
      policies: [
        () => () => {
          throw new TypeError('secret detail')
        },
      ],
    })
    const answer = await send('GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(status(answer)).toBe(500)
    expect(answer).not.toContain('secret')
  })
})

describe('Expect: 100-continue', () => {
  const head = 'POST /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n'

  it('asks for the body once it is wanted', async () => {
    await given({ policies: [slowly] })
    const client = await rawClient(service.url)
    client.send(head)
    await client.until('HTTP/1.1 100 Continue\r\n\r\n')
    expect(upstream.requests.length).toBe(0)
    client.send('abc')
    expect(await client.closed()).toMatch(/100 Continue\r\n\r\nHTTP\/1\.1 200 .*abc$/s)
    expect(upstream.requests[0]!.head).not.toMatch(/expect/i)
  })

  it('does not ask for a body nobody wants', async () => {
    await given({ policies: [refusing] })
    expect(await send(head)).toMatch(/^HTTP\/1\.1 401 .*WWW-Authenticate: Bearer.*Connection: close/s)
    const large = head.replace('Content-Length: 3', 'Content-Length: 99999999')
    expect(status(await send(large))).toBe(413)
  })

  it('is nothing to HTTP/1.0', async () => {
    await given()
    expect(await send(`${head.replace('HTTP/1.1', 'HTTP/1.0')}abc`)).toMatch(/^HTTP\/1\.1 200/)
  })
})

describe('connections', () => {
  it('answer requests in the order they came, one after the other', async () => {
    await given({}, ({ socket, target }) =>
      setTimeout(() => socket.write(wholeAnswer(target)), target.length > 4 ? 0 : 60),
    )
    const client = await rawClient(service.url)
    client.send(['/x/1', '/x/22', '/x/333'].map((target) => `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`).join(''))
    expect(await client.until('/x/333')).toMatch(/\/x\/1HTTP.*\/x\/22HTTP.*\/x\/333$/s)
    client.socket.destroy()
  })

  it('go on after a refusal whose body can be skipped', async () => {
    await given({ policies: [refusing] })
    const client = await rawClient(service.url)
    client.send('POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /x HTTP/1.1\r\nHost: h\r\n\r\n')
    await client.until(/401.*401/s)
    client.socket.destroy()
  })

  it('get the answers that are due before what follows is found to be rubbish', async () => {
    await given({ policies: [slowly] })
    const answer = await send('GET /x HTTP/1.1\r\nHost: h\r\n\r\nRUBBISH\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 400 /s)
    expect(answer.match(/HTTP\/1\.1 \d/g)?.length).toBeGreaterThanOrEqual(2)
  })

  it('can read a refusal while they still send', async () => {
    await given({ policies: [refusing], operation: { bodyLimit: 1e9 } })
    const client = await rawClient(service.url)
    client.send('POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n')
    const flood = setInterval(() => client.socket.writable && client.send(Buffer.alloc(100_000)), 5)
    expect(await client.until('problems/unauthorized')).toMatch(/Connection: close/)
    await client.closed()
    clearInterval(flood)
    client.socket.destroy()
  })

  it('that send their head too slowly get 408', async () => {
    await given({ service: { patience: { headers: 300 } } })
    const client = await rawClient(service.url)
    client.send('GET /x HTTP/1.1\r\nHost: h\r\nX-')
    expect(status(await client.closed())).toBe(408)
  })

  it('that never send anything are closed without a word', async () => {
    await given({ service: { patience: { headers: 300 } } })
    const client = await rawClient(service.url)
    expect(await client.closed()).toBe('')
  })

  test.each([
    ['short', 'Content-Length: 9'],
    ['long', 'Content-Length: 900000'],
    ['chunked', 'Transfer-Encoding: chunked'],
  ])('that send a %s body too slowly get 408', async (_, framing) => {
    await given({ service: { patience: { body: 500 } } }, () => {})
    const client = await rawClient(service.url)
    client.send(`POST /x HTTP/1.1\r\nHost: h\r\n${framing}\r\n\r\n1`)
    expect(status(await client.until('problem+json'))).toBe(408)
    client.socket.destroy()
  })

  it('that do not read their answer are cut off', async () => {
    await given({ service: { patience: { body: 500 } } }, ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n')
      socket.write(Buffer.alloc(99_999_999))
    })
    const client = await rawClient(service.url)
    client.socket.pause()
    client.send('GET /x HTTP/1.1\r\nHost: h\r\n\r\n')
    for (let i = 0; i < 100 && upstream.closed() === 0; i++) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(upstream.closed()).toBe(1)
    client.socket.destroy()
  })

  it('without a request are closed after a while', async () => {
    await given({ service: { patience: { idle: 200 } } })
    const client = await rawClient(service.url)
    client.send('GET /x HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(status(await client.closed())).toBe(200)
  })
})
