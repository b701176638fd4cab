import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Authority } from '../../test/support/certificates.ts'
import { runService, type TestService } from '../../test/support/running-service.ts'
import { send } from '../../test/support/send.ts'
import type { Policy } from '../core/policy.ts'
import { tls } from './tls.ts'

let upstream: Server
let ca: Authority
let service: TestService
let metrics = ''

beforeAll(async () => {
  ca = await Authority.create()
  upstream = createServer((_, response) => response.end('ok'))
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const patience = { headers: 1_500, body: 60_000, idle: 60_000 }
  const { port } = upstream.address() as AddressInfo
  service = await runService(`http://127.0.0.1:${port}`, { service: { tls: tls(await ca.issue()), patience } })
})

afterAll(() => {
  service.stop()
  upstream.closeAllConnections()
  upstream.close()
})

const port = (): number => Number(new URL(service.url).port)
const secure = async (options: object = {}): Promise<TLSSocket> => {
  const socket = connect({ port: port(), host: '127.0.0.1', servername: 'localhost', ca: ca.cert, ...options })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  return socket
}
const textOf = async (socket: Socket): Promise<string> => {
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return text
}
const counted = async (line: RegExp): Promise<void> => {
  for (let i = 0; i < 400 && !line.test(metrics); i++) {
    metrics = (await send(service.adminUrl!, { target: '/metrics' })).body.toString()
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  expect(metrics).toMatch(line)
}

it('keeps connections for several requests, also where they come together', async () => {
  const socket = await secure()
  socket.write('GET /x HTTP/1.1\r\nHost: h\r\n\r\nGET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  expect((await textOf(socket)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
})

// Node's parser loses what it is given while it is stopped: see read-as-stream.ts.
it('loses nothing where requests come faster than answers can go', { timeout: 60_000 }, async () => {
  const whole: Policy = () => async (exchange) => {
    await exchange.body.bytes()
    await new Promise(setImmediate)
    return { status: 200, headers: [], body: Buffer.alloc(70_000, 'a') }
  }
  const eager = await runService('http://127.0.0.1:1', { policies: [whole], service: { tls: tls(await ca.issue()) } })
  const post = (body: number): string =>
    `POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: ${body}\r\n\r\n${'b'.repeat(body)}`
  const requests = [0, 1_000, 70_000].map(post).join('').repeat(20)
  const ask = async (): Promise<string> => {
    const socket = await secure({ port: Number(new URL(eager.url).port) })
    const text = textOf(socket)
    socket.write(`${requests}GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
    return text
  }
  for (const answer of await Promise.all([ask(), ask(), ask(), ask()])) {
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(Array.from({ length: 61 }, () => 'HTTP/1.1 200'))
    expect(answer.match(/a{70000}/g)).toHaveLength(61)
  }
  eager.stop()
})

it('answers what is no message with 400, and closes', async () => {
  const socket = await secure()
  socket.write('NONSENSE\r\n\r\n')
  expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 400 /)
})

it('does not wait for ever for a head', async () => {
  const socket = await secure()
  socket.write('GET /x HTTP/1.1\r\nHost: h\r\n')
  expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 408 /)
}, 30_000)

it('does not wait for ever for a handshake', async () => {
  const socket = connectTcp(port(), '127.0.0.1')
  socket.on('error', () => {})
  await textOf(socket)
  await counted(/^tls_handshake_failures_total\{reason="timeout"\} 1$/m)
}, 30_000)

it('counts who speaks something else', async () => {
  const plain = connectTcp(port(), '127.0.0.1')
  plain.on('error', () => {})
  plain.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
  await textOf(plain)
  await counted(/^tls_handshake_failures_total\{reason="plain-http"\} 1$/m)
  await expect(secure({ ALPNProtocols: ['imap'] })).rejects.toThrow()
  await counted(/^tls_handshake_failures_total\{reason="alpn"\} 1$/m)
})
