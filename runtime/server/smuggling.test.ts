import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type FaultUpstream, faultUpstream, wholeAnswer } from '../../test/support/fault-upstream.ts'
import { rawClient } from '../../test/support/raw-client.ts'
import { runService, type TestService } from '../../test/support/running-service.ts'

// What two servers could read differently must not reach the second. Each request is followed by one that must not be seen.
let upstream: FaultUpstream
let service: TestService
beforeAll(async () => {
  upstream = await faultUpstream(({ socket, received }) => {
    void received.then(() => socket.write(wholeAnswer('ok')))
  })
  service = await runService(upstream.url, { paths: { '/x': ['GET', 'POST', 'HEAD', 'OPTIONS'] } })
})
afterAll(async () => {
  service.stop()
  await upstream.close()
})

const hidden = 'GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n'
const leaving = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA'
const post = (fields: string, body = '') => `POST /x HTTP/1.1\r\nHost: h\r\n${fields}\r\n\r\n${body}`
const get = (fields: string) => `GET /x HTTP/1.1\r\nHost: h\r\n${fields}\r\n\r\n`
const chunked = (body: string) => post('Transfer-Encoding: chunked', body)

async function refused(request: string): Promise<void> {
  const before = upstream.requests.length
  const client = await rawClient(service.url)
  client.send(request + hidden)
  const answer = await client.closed(10_000)
  client.socket.destroy()
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
  expect(statuses.length, answer).toBe(1)
  expect([400, 405, 501, 505]).toContain(statuses[0])
  // A chunked message may have gone on before its fault could be seen; nothing else may, and that one is never whole.
  const seen = upstream.requests.slice(before)
  expect(seen.filter(({ target }) => target !== '/x')).toEqual([])
  expect(seen.filter(({ body }) => body().endsWith('0\r\n\r\n'))).toEqual([])
}

describe('framing that could be read in two ways is refused, and the connection ends', () => {
  const codings = [
    ...['chunked, chunked', 'identity', 'xchunked', '\x0bchunked', '"chunked"', 'chunked;q=1', 'chunked,', ', chunked'],
    ...['gzip, chunked', 'chunked, identity', 'chunked\x00', 'chun ked', '', 'chunked\x0c', '\x00chunked', 'nothing'],
  ]
  test.each(codings.map((one) => [JSON.stringify(one), one]))('Transfer-Encoding: %s', (_, coding) =>
    refused(post(`Transfer-Encoding: ${coding}`, '0\r\n\r\n')),
  )

  const lengths = [
    ...['5, 5', '5, 6', '+5', '-5', '0x5', '5 5', '5;', '', '05', '1e1', '5.0', '99999999999999999999', '\xb2', 'five'],
    ...['5\x0b', '5\x00', '"5"', '5,', ',5', '-0', '0 5'],
  ]
  test.each(lengths.map((one) => [JSON.stringify(one), one]))('Content-Length: %s', (_, length) =>
    refused(post(`Content-Length: ${length}`, 'abcde')),
  )

  test.each<[string, string]>([
    ['both, the length first', post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
    ['both, the coding first', post('Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n')],
    ['both, with a length of nothing', post('Content-Length: 0\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
    ['two codings', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', '0\r\n\r\n')],
    ['two equal codings', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
    ['two lengths', post('Content-Length: 5\r\nContent-Length: 6', 'abcde')],
    ['two equal lengths', post('Content-Length: 5\r\nContent-Length: 5', 'abcde')],
    ['a space before the colon', post('Transfer-Encoding : chunked', '0\r\n\r\n')],
    ['a tab before the colon', post('Content-Length\t: 5', 'abcde')],
    ['a folded coding', post('Transfer-Encoding:\r\n chunked', '0\r\n\r\n')],
    ['a coding in a fold', post('X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 5', 'abcde')],
    ['a fold before the first field', `POST /x HTTP/1.1\r\n Host: h\r\nContent-Length: 0\r\n\r\n`],
    ['a fold of a tab', get('X: y\r\n\tz')],
    ['NUL in a name', post('Transfer\x00-Encoding: chunked', '0\r\n\r\n')],
    ['NUL in a value', get('X: a\x00b')],
    ['a bare CR in a value', get('X: a\rTransfer-Encoding: chunked')],
    ['a bare CR that ends a line', `POST /x HTTP/1.1\r\nHost: h\rContent-Length: 5\r\n\r\nabcde`],
    ['a bare LF that ends a field', `POST /x HTTP/1.1\r\nHost: h\nContent-Length: 5\r\n\r\nabcde`],
    ['a bare LF that ends the request line', `GET /x HTTP/1.1\nHost: h\r\n\r\n`],
    ['a bare LF that ends the head', `GET /x HTTP/1.1\r\nHost: h\r\n\n`],
    ['bare LF everywhere', `GET /x HTTP/1.1\nHost: h\n\n`],
    ['CR CR LF', `GET /x HTTP/1.1\r\nHost: h\r\r\n\r\n`],
    ['a name with an underscore', post('Transfer_Encoding: chunked\r\nContent-Length: 5', 'abcde')],
    ['a coding in HTTP/1.0', `POST /x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ])('%s', (_, request) => refused(request))
})

describe('chunks that could be read in two ways are refused, and the connection ends', () => {
  test.each<[string, string]>([
    ['a size in hexadecimal notation', '0x3\r\nabc\r\n0\r\n\r\n'],
    ['a space before the size', ' 3\r\nabc\r\n0\r\n\r\n'],
    ['a sign', '+3\r\nabc\r\n0\r\n\r\n'],
    ['a negative size', '-3\r\nabc\r\n0\r\n\r\n'],
    ['no size', '\r\nabc\r\n0\r\n\r\n'],
    ['an underscore', '1_0\r\nabc\r\n0\r\n\r\n'],
    ['a size past 64 bits', '10000000000000003\r\nabc\r\n0\r\n\r\n'],
    ['a size of many digits', `${'f'.repeat(40)}\r\nabc\r\n0\r\n\r\n`],
    ['a bare LF after the size', '3\nabc\r\n0\r\n\r\n'],
    ['a bare CR after the size', '3\rabc\r\n0\r\n\r\n'],
    ['a bare LF after the data', '3\r\nabc\n0\r\n\r\n'],
    ['data longer than its size', '3\r\nabcd\r\n0\r\n\r\n'],
    ['data shorter than its size', '5\r\nabc\r\n0\r\n\r\n'],
    ['a bare LF in an extension', '3;a=\nb\r\nabc\r\n0\r\n\r\n'],
    ['a bare CR in an extension', '3;a\rb\r\nabc\r\n0\r\n\r\n'],
    ['NUL in an extension', '3;a\x00\r\nabc\r\n0\r\n\r\n'],
    ['an endless extension', `3;${'a'.repeat(100_000)}\r\nabc\r\n0\r\n\r\n`],
    ['a bare LF that ends the last chunk', '0\n\n'],
    ['a length in the trailers', '3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n'],
    ['a coding in the trailers', '3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a folded trailer', '0\r\nX: y\r\n z\r\n\r\n'],
    ['a trailer without a colon', '0\r\nTransfer-Encoding\r\n\r\n'],
    ['a space before the colon of a trailer', '0\r\nX : y\r\n\r\n'],
  ])('%s', (_, body) => refused(chunked(body)))
})

describe('heads that are none are refused, and the connection ends', () => {
  test.each<[string, string]>([
    ['HTTP/0.9', 'GET /x\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/1.10', 'GET /x HTTP/1.10\r\nHost: h\r\n\r\n'],
    ['HTTP/01.1', 'GET /x HTTP/01.1\r\nHost: h\r\n\r\n'],
    ['http/1.1', 'GET /x http/1.1\r\nHost: h\r\n\r\n'],
    ['HTTP/3.0', 'GET /x HTTP/3.0\r\nHost: h\r\n\r\n'],
    ['a tab in the request line', 'GET\t/x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a target with a space', 'GET /x y HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a target of other than ASCII', 'GET /x\xe9 HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a target with a fragment', 'GET /x#y HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a target with a backslash', 'GET /a\\..\\x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a relative target', 'GET x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['another scheme', 'GET ftp://h/x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an absolute target without a host', 'GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an absolute target with a user', 'GET http://a@h/x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an absolute target with a slash less', 'GET http:/h/x HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['POST *', 'POST * HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n'],
    ['a path out of the tree', 'GET /x/../hidden HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an encoded path out of the tree', 'GET /x/%2e%2e/hidden HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['dots with a parameter', 'GET /x/..;/hidden HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an encoded slash', 'GET /x%2fhidden HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an encoded NUL', 'GET /x%00 HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an overlong encoding', 'GET /x%zz HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an empty name', get(': y')],
    ['a name with a space', get('X Y: z')],
    ['a name with a parenthesis', get('X(y): z')],
    ['a name of other than ASCII', get('X\xe9: z')],
    ['a field without a colon', get('nothing')],
    ['a host with a space', 'GET /x HTTP/1.1\r\nHost: a b\r\n\r\n'],
    ['a host that is a URL', 'GET /x HTTP/1.1\r\nHost: http://h\r\n\r\n'],
    ['a host with a query', 'GET /x HTTP/1.1\r\nHost: h?y\r\n\r\n'],
    ['a host with a port that is none', 'GET /x HTTP/1.1\r\nHost: h:http\r\n\r\n'],
    ['a host with half an address', 'GET /x HTTP/1.1\r\nHost: [::1\r\n\r\n'],
    ['a host with an encoded character', 'GET /x HTTP/1.1\r\nHost: h%00\r\n\r\n'],
    ['two hosts in different case', 'GET /x HTTP/1.1\r\nHost: h\r\nhOST: i\r\n\r\n'],
    ['a type twice', post('Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 0')],
  ])('%s', (_, request) => refused(request))
})

describe('what is sound goes on as one message', () => {
  const sent = async (request: string): Promise<{ answer: string; head: string; body: string }> => {
    const before = upstream.requests.length
    const client = await rawClient(service.url)
    client.send(request)
    const answer = await client.until(/ok$/, 10_000)
    client.socket.destroy()
    expect(upstream.requests.length - before).toBe(1)
    const { head, body } = upstream.requests[before]!
    return { answer, head, body: body() }
  }

  it('whatever Connection lists: framing and Host are not the client’s to remove', async () => {
    const { head, body } = await sent(
      post('Connection: Content-Length, Host, X-Forwarded-For, Via\r\nContent-Length: 5', 'abcde'),
    )
    expect(head).toMatch(/\r\nhost: /i)
    expect(head).toMatch(/\r\ncontent-length: 5/i)
    expect(head).toMatch(/X-Forwarded-For: 127\.0\.0\.1/)
    expect(head).toMatch(/Via: 1\.1 specgate/)
    expect(body).toBe('abcde')
  })

  it('an offer to upgrade is for this hop only', async () => {
    const { answer, head } = await sent(
      get('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA'),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200/)
    expect(head).not.toMatch(/upgrade|http2-settings/i)
  })

  // Node's parser throws away what comes in one packet with a message that offers to leave HTTP.
  it.each([
    ['behind it', get(leaving), hidden, ''],
    ['behind its body', post(`${leaving}\r\nContent-Length: 5`), `abcde${hidden}`, ''],
    ['in the body of what is behind it', get(leaving) + post(`Content-Length: ${hidden.length}`), '', hidden],
  ])('nothing is read %s', async (_, first, rest, later) => {
    const before = upstream.requests.length
    const client = await rawClient(service.url)
    client.send(first + rest)
    await new Promise((resolve) => setTimeout(resolve, 5)) // a packet of its own
    client.send(later)
    const answer = await client.closed(10_000)
    client.socket.destroy()
    expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 200'])
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    expect(upstream.requests.slice(before).map(({ target }) => target)).toEqual(['/x'])
  })

  it('an offer alone in its packet costs nobody the connection', async () => {
    const client = await rawClient(service.url)
    for (const _ of [1, 2]) {
      client.forget()
      client.send(get(leaving))
      expect(await client.until(/ok$/, 10_000)).toMatch(/\r\nConnection: keep-alive\r\n/i)
    }
    client.socket.destroy()
  })

  it('what nobody but a proxy may say of the client is left out, in any spelling', async () => {
    const { head } = await sent(
      get(
        'X-Forwarded-Prefix: /evil\r\nx-forwarded-user: root\r\nX_Forwarded-For: 6.6.6.6\r\nX_REQUEST_ID: 6\r\nX-Forward: kept',
      ),
    )
    expect(head).not.toMatch(/evil|root|6\.6\.6\.6|x_request/i)
    expect(head).toMatch(/X-Forward: kept/)
  })

  it('a body of GET stays its body', async () => {
    const { head, body } = await sent(get(`Content-Length: ${hidden.length}`) + hidden)
    expect(head).toMatch(/^GET \/x /)
    expect(body).toBe(hidden)
  })

  it('empty lines before a request, and a host beside an absolute target, change nothing', async () => {
    const { head } = await sent(`\r\n\r\nGET HTTP://other:81/x HTTP/1.1\r\nHost: h\r\n\r\n`)
    expect(head).toMatch(/^GET \/x HTTP\/1\.1\r\n/)
    expect(head).toMatch(/X-Forwarded-Host: other:81/)
  })

  it('trailers that would route, describe or authorize are left out', async () => {
    const before = upstream.requests.length
    const client = await rawClient(service.url)
    client.send(chunked('3\r\nabc\r\n0\r\nHost: evil\r\nContent-Type: a/b\r\nAuthorization: y\r\n\r\n'))
    for (let i = 0; i < 400 && !upstream.requests[before]?.body().includes('0\r\n'); i++) {
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    client.socket.destroy()
    expect(upstream.requests[before]!.body()).toBe('3\r\nabc\r\n0\r\n\r\n')
  })

  it('answers to HTTP/1.0 are not chunked, and keep the connection only where that is asked for', async () => {
    const client = await rawClient(service.url)
    client.send('GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(await client.until(/ok$/, 10_000)).toMatch(/\r\nConnection: keep-alive\r\n/i)
    client.forget()
    client.send('GET /x HTTP/1.0\r\n\r\n')
    expect(await client.closed(10_000)).toMatch(/Content-Length: 2\r\n.*ok$/s)
    client.socket.destroy()
  })
})

describe('a length that no upload has', () => {
  const head = post('Content-Length: 999999999')

  it('is refused with the first byte of the body', async () => {
    const client = await rawClient(service.url)
    client.send(head)
    await new Promise((resolve) => setTimeout(resolve, 50))
    client.send('a')
    expect(await client.until('problem+json', 10_000)).toMatch(/^HTTP\/1\.1 413 .*Connection: close/s)
    client.socket.destroy()
  })

  it('is refused at once where the client asks', async () => {
    const client = await rawClient(service.url)
    client.send(post('Content-Length: 999999999\r\nExpect: 100-continue'))
    expect(await client.until('problem+json', 10_000)).toMatch(/^HTTP\/1\.1 413 /)
    client.socket.destroy()
  })
})
