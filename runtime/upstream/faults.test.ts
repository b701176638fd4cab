import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type FaultUpstream, faultUpstream, type RawRequest, wholeAnswer } from '../../test/support/fault-upstream.ts'
import { faults } from '../../test/support/faults.ts'
import { exchangeRaw, rawClient } from '../../test/support/raw-client.ts'
import { runService, type TestService } from '../../test/support/running-service.ts'
import type { Policy } from '../core/policy.ts'

// One service for all: whatever an upstream does, the next request meets a healthy one.
const patient = 20_000
/** Of calls that should fail for want of an answer; all others have time enough on the slowest machine. */
let patience = patient
const impatient: Policy = (next) => (exchange) => {
  exchange.timeouts = { connect: patient, firstByte: patience, idle: patience, total: patient }
  return next(exchange)
}
let commit: (request: RawRequest) => void
let upstream: FaultUpstream
let service: TestService
beforeAll(async () => {
  upstream = await faultUpstream((request) => (request.target === '/x' ? commit(request) : fine(request)))
  service = await runService(upstream.url, { policies: [impatient] })
})
afterAll(async () => {
  service.stop()
  await upstream.close()
})

const fine = ({ socket }: RawRequest): void => void socket.write(wholeAnswer('fine'))
const get = (target: string, method = 'GET') =>
  exchangeRaw(service.url, `${method} ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
const until = async (isSo: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isSo()).toBe(true)
}

describe('an upstream that answers with', () => {
  test.each(Object.entries(faults))('%s', async (name, fault) => {
    ;({ commit } = fault)
    patience = name.startsWith('silence') ? 500 : patient
    const answer = await get('/x')
    const { connection, socket } = upstream.requests.at(-1)!
    const isBroken = fault.outcome === 'broken' || (fault.outcome === 'either' && statusOf(answer) === 200)
    if (isBroken) {
      expect(statusOf(answer)).toBe(200)
      expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
      expect(answer.length).toBeLessThan(900_000)
    } else {
      const [last] = answer
        .split('HTTP/1.1 103')
        .at(-1)!
        .match(/HTTP\/1\.1 .*$/s) ?? ['']
      expect(statusOf(last)).toBe(fault.outcome === 'either' ? 502 : fault.outcome)
      expect(last).toMatch(/application\/problem\+json/)
      expect(last).not.toMatch(/evil|rubbish|127\.0\.0\.1/)
    }
    // What has been at fault is not used again.
    await until(() => socket.destroyed)
    patience = patient
    expect(await get('/x/fine')).toMatch(/fine$/)
    expect(upstream.requests.at(-1)!.connection).not.toBe(connection)
  })
})

describe('an upstream whose connection is not what it seems', () => {
  it('says more than was asked: nobody gets it', async () => {
    commit = ({ socket }) => void socket.write(wholeAnswer('one') + wholeAnswer('poison'))
    expect(await get('/x')).toMatch(/one$/)
    expect(await get('/x/fine')).toMatch(/fine$/)
  })

  it('says something between two requests: nobody gets it', async () => {
    commit = ({ socket }) => {
      socket.write(wholeAnswer('one'))
      setTimeout(() => socket.write(wholeAnswer('poison')), 30)
    }
    expect(await get('/x')).toMatch(/one$/)
    await new Promise((resolve) => setTimeout(resolve, 80))
    for (let i = 0; i < 3; i++) expect(await get('/x/fine')).toMatch(/fine$/)
  })

  it('sends a body with what has none: nobody gets it', async () => {
    commit = ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
    expect(await get('/x', 'HEAD')).not.toMatch(/poison/)
    expect(await get('/x/fine')).toMatch(/fine$/)
    commit = ({ socket }) => void socket.write('HTTP/1.1 204 No Content\r\n\r\npoison')
    expect(await get('/x')).not.toMatch(/poison/)
    expect(await get('/x/fine')).toMatch(/fine$/)
  })

  it('closes each kept connection as it is used again: what may be repeated is, and is answered', async () => {
    commit = ({ socket, connection }) => {
      const uses = upstream.requests.filter((request) => request.connection === connection).length
      if (uses === 1) socket.write(wholeAnswer('answered'))
      else socket.destroy()
    }
    for (let i = 0; i < 10; i++) expect(await get('/x')).toMatch(/answered$/)
  })

  it('closes right after its answer without saying so: the next request is answered', async () => {
    commit = ({ socket }) => void socket.end(wholeAnswer('bye'))
    for (let i = 0; i < 10; i++) expect(await get('/x')).toMatch(/bye$/)
  })

  it('answers byte by byte: the answer is whole', async () => {
    commit = ({ socket }) => {
      const text = wholeAnswer('slowly')
      let at = 0
      const timer = setInterval(() => {
        socket.write(text[at++]!)
        if (at === text.length) clearInterval(timer)
      }, 2)
    }
    expect(await get('/x')).toMatch(/^HTTP\/1\.1 200 OK\r\n.*slowly$/s)
  })

  it('answers before it has read the body: the client gets that answer', async () => {
    commit = ({ socket }) =>
      void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno')
    const client = await rawClient(service.url)
    client.send('PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\nabc')
    expect(await client.until(/no$/, 10_000)).toMatch(/^HTTP\/1\.1 403 /)
    client.socket.destroy()
  })

  it('closes a kept connection before the first byte of a body: it goes out on another', async () => {
    commit = ({ received, socket }) => void received.then(() => socket.write(wholeAnswer('taken')))
    await get('/x/fine')
    const { socket } = upstream.requests.at(-1)!
    const closed = upstream.closed()
    const client = await rawClient(service.url)
    client.send('POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\nExpect: 100-continue\r\n\r\n')
    await client.until('100 Continue', 10_000)
    socket.end()
    await until(() => upstream.closed() > closed)
    client.send('a'.repeat(90_000))
    expect(await client.until(/taken$/, 10_000)).toMatch(/HTTP\/1\.1 200 /)
    client.socket.destroy()
  })

  it('reads no body: 504', async () => {
    patience = 500
    commit = ({ socket }) => void socket.pause()
    const client = await rawClient(service.url)
    client.send('PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n')
    const flood = setInterval(() => {
      if (!client.socket.writableNeedDrain && client.socket.writable) client.send(`fa00\r\n${'a'.repeat(64_000)}\r\n`)
    }, 2)
    // Its share of what is on the way has filled up by then, or the limit of the body is met first.
    const answer = await client.until(/problem\+json/, 15_000)
    clearInterval(flood)
    client.socket.destroy()
    expect([413, 504]).toContain(statusOf(answer))
  })
})
