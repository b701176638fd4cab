import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Duplex, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { UpstreamRequest } from '../connection.ts'
import { Upload } from '../upload.ts'
import { Http1Connection } from './http1-connection.ts'
import { socketsTo } from './open-socket.ts'
import { ask, faultOf, ScriptedServer } from './scripted-server.test-support.ts'

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const server = new ScriptedServer()
beforeAll(() => server.start())
afterAll(() => server.stop())
beforeEach(() => {
  server.serve = (socket) => void socket.write(ok)
})
const until = async (isSo: () => boolean): Promise<void> => {
  for (let i = 0; i < 1_000 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(isSo()).toBe(true)
}

describe('a connection', () => {
  it('serves one request after the other', async () => {
    const to = server.connection()
    for (let i = 0; i < 3; i++) {
      const call = await ask(to).over
      expect([call.body, to.isReusable, call.events]).toEqual(['ok', true, ['sending', 'sent', 'head', 'end']])
    }
    expect(server.sockets.size).toBe(1)
    to.destroy()
    await until(() => server.sockets.size === 0)
  })

  test.each<[string, string, Partial<UpstreamRequest>]>([
    ['says that it closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok', {}],
    ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', {}],
    ['said more', `${ok}${ok}`, {}],
    ['sent a body with 204', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n', {}],
    ['was asked for a head', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', { method: 'HEAD' }],
    ['got a body it did not expect', ok, { method: 'DELETE', body: Buffer.from('x') }],
  ])('is not used again where the upstream %s', async (_, answer, request) => {
    server.serve = (socket) => void socket.write(answer)
    const to = server.connection()
    const call = await ask(to, request).over
    expect([call.events.at(-1), to.isReusable]).toEqual(['end', false])
    to.destroy()
  })

  test.each<[string, (socket: Socket) => void]>([
    ['is closed', (socket) => socket.end()],
    ['is reset', (socket) => socket.resetAndDestroy()],
    ['is spoken on', (socket) => socket.write(ok)],
  ])('says so when it %s while it is idle', async (_, act) => {
    const to = server.connection()
    let isLost = false
    to.lost = () => {
      isLost = true
    }
    await ask(to).over
    act([...server.sockets].at(-1)!)
    await until(() => isLost)
    expect(to.isReusable).toBe(false)
  })

  test.each<[string, string, (socket: Socket) => void]>([
    ['before a byte', 'broken', (socket) => socket.end()],
    ['before a byte, by a reset', 'broken', (socket) => socket.resetAndDestroy()],
    ['in the head', 'cut', (socket) => socket.end('HTTP/1.1 200 O')],
    ['after an interim answer', 'cut', (socket) => socket.end('HTTP/1.1 103 Early Hints\r\n\r\n')],
    ['in a sized body', 'cut', (socket) => socket.end(ok.slice(0, -1))],
    ['in a chunk', 'cut', (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab')],
    [
      'before the last chunk',
      'cut',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n'),
    ],
    [
      'in the trailers',
      'cut',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n'),
    ],
    [
      'by a reset in a body that ends with the connection',
      'cut',
      (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nabc', () => setTimeout(() => socket.resetAndDestroy(), 30)),
    ],
  ])('that breaks off %s: %s', async (_, fault, act) => {
    server.serve = (socket) => act(socket)
    const to = server.connection()
    const call = await ask(to).over
    expect([faultOf(call), call.events.at(-1), to.isReusable]).toEqual([fault, 'failure', false])
  })

  it('that cannot be made is unreachable', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const open = socketsTo(`http://127.0.0.1:${(free.address() as AddressInfo).port}`, () => ({}))
    await new Promise((resolve) => free.close(resolve))
    const to = new Http1Connection({ authority: 'up.example', open, isStream: false })
    expect(faultOf(await ask(to).over)).toBe('unreachable')
  })

  it('tells nothing any more once it has been destroyed', async () => {
    server.serve = (socket) => void socket.write(ok.slice(0, -1))
    const to = server.connection()
    const call = ask(to)
    await until(() => call.events.includes('head'))
    to.destroy()
    await until(() => server.sockets.size === 0)
    expect(call.events).toEqual(['sending', 'sent', 'head'])
  })

  it('gives an answer that comes before the request is whole, and stops sending', async () => {
    server.serve = (socket) => void socket.write(ok)
    const endless = new Readable({ read() {} })
    endless.push('begin')
    const to = server.connection()
    const call = await ask(to, { method: 'POST', body: new Upload(endless, 1_000) }).over
    expect([call.body, call.events, to.isReusable]).toEqual(['ok', ['sending', 'head', 'end'], false])
    expect([endless.listenerCount('data'), endless.destroyed]).toEqual([0, false])
    to.destroy()
  })

  it('does not take for an answer what comes before the request', async () => {
    const to = server.connection()
    await ask(to).over
    const silent = new Readable({ read() {} })
    const call = ask(to, { method: 'POST', body: new Upload(silent, 1_000) })
    for (const socket of server.sockets) socket.write(ok)
    expect(faultOf(await call.over)).toBe('stale')
  })

  it('is taken for one where the body of the request was empty', async () => {
    server.serve = (socket, text) => {
      if (text.endsWith('content-length: 0\r\n\r\n')) socket.write(ok)
    }
    const to = server.connection()
    const call = await ask(to, { method: 'POST', body: new Upload(Readable.from([]), 1_000) }).over
    expect([call.body, call.events, to.isReusable]).toEqual(['ok', ['sending', 'sent', 'head', 'end'], true])
    to.destroy()
  })

  it.each([false, true])('holds the upstream back while nobody reads (as a stream: %s)', async (isStream) => {
    const body = 'x'.repeat(20_000_000)
    server.serve = (socket) => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    const to = server.connection(isStream)
    let taken = 0
    const call = ask(to)
    call.onBody = (bytes) => {
      taken += bytes.length
      to.pause()
    }
    await until(() => taken > 0)
    const before = taken
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([taken, to.isPaused]).toEqual([before, true])
    call.onBody = (bytes) => {
      taken += bytes.length
    }
    to.resume()
    await call.over
    expect(taken).toBe(body.length)
    to.destroy()
  })

  it('is handed over with what came behind the head where it becomes a tunnel', async () => {
    server.serve = (socket) =>
      void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nfirst')
    const call = await ask(server.connection(true), { opensTunnel: true }).over
    expect([call.status, call.events.at(-1)]).toEqual([101, 'tunnel'])
    const all = text(call.tunnel!)
    for (const socket of server.sockets) socket.end(' and last')
    expect(await all).toBe('first and last')
  })
})

describe('a kept connection on which something has come by the time it is asked', () => {
  test.each<[string, string | null]>([
    ['an end', null],
    ['an answer nobody asked for', ok],
  ])('%s: nothing is sent', async (_, come) => {
    const sent: string[] = []
    const socket = new FakeSocket((text) => sent.push(text))
    const to = new Http1Connection({ authority: 'h', open: () => socket as unknown as Socket, isStream: true })
    const first = ask(to)
    socket.push(ok)
    await first.over
    const second = ask(to, { method: 'POST' })
    socket.push(come)
    expect(faultOf(await second.over)).toBe('stale')
    expect([sent.length, second.events]).toEqual([1, ['failure']])
  })
})

/** A socket that is connected, and reads what the test pushes. */
class FakeSocket extends Duplex {
  readonly connecting = false
  readonly #sent: (text: string) => void

  constructor(sent: (text: string) => void) {
    super()
    this.#sent = sent
  }

  unref(): void {}

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#sent(String(chunk))
    done()
  }
}
