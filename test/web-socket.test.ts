import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { rawClient } from './support/raw-client.ts'
import { send } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** WebSockets (RFC 6455) through an emitted service, between a client and an upstream that know nothing of it. */

const key = 'key-of-acme'
const responses = { 101: { description: 'open' } }
const document = {
  openapi: '3.1.1',
  info: { title: 'Rooms', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  security: [{ partnerKey: [] }],
  'x-proxy': {
    cache: { ttl: '1m' },
    validate: { request: 'enforce', response: 'enforce', undeclaredStatus: 'block' },
    sanitize: { undeclared: 'strip', headers: { allow: ['Content-Type'] } },
    cors: { origins: ['https://app.example'] },
  },
  paths: {
    '/rooms/{room}': {
      get: {
        operationId: 'talk',
        parameters: [
          { name: 'room', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'since', in: 'query', schema: { type: 'integer' } },
        ],
        responses: {
          ...responses,
          404: {
            description: 'none',
            content: { 'application/json': { schema: { type: 'object', properties: { why: { type: 'string' } } } } },
          },
        },
        'x-proxy': { websocket: true, rateLimit: { few: { quota: 100, window: '1m' } } },
      },
    },
    '/both': {
      get: { responses: { ...responses, 204: { description: 'plain' } }, 'x-proxy': { websocket: { idle: '1s' } } },
    },
    '/plain': { get: { responses: { 200: { description: 'ok' } } } },
  },
  components: {
    securitySchemes: { partnerKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', 'x-proxy': { apiKey: {} } } },
  },
}

type Verdict = (isFine: boolean, status?: number, message?: string, headers?: Record<string, string>) => void

const folder = tempFolder('web-socket')
let upstream: WebSocketServer
let service: RunningService
let bundle: string
const arrived: IncomingMessage[] = []
/** What the upstream answers to the next handshake instead of 101. */
let refusal: string | undefined

const env = (): Record<string, string> => ({
  UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
})

function open(target: string, options: { headers?: Record<string, string>; protocols?: string[]; url?: string } = {}) {
  const { headers = { 'X-API-Key': key }, protocols = [], url = service.url } = options
  return new WebSocket(`${url.replace('http', 'ws')}${target}`, protocols, { headers, handshakeTimeout: 20_000 })
}

/** The status a handshake gets that opens nothing. */
async function refused(socket: WebSocket): Promise<{ status: number; body: string }> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode!, body }
}

beforeAll(async () => {
  upstream = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: (offered) => (offered.has('chat.v2') ? 'chat.v2' : false),
    verifyClient: (info: { req: IncomingMessage }, done: Verdict) => {
      arrived.push(info.req)
      if (refusal === undefined) done(true)
      else done(false, 404, refusal, { 'Content-Type': 'application/json' })
    },
  })
  upstream.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => {
      if (String(data) === 'bye') socket.close(4001, 'as you wish')
      else if (String(data) === 'cut') socket.terminate()
      else socket.send(data, { binary: isBinary })
    })
  })
  await once(upstream, 'listening')
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  writeFileSync(
    join(folder.path, 'case.consumers.yaml'),
    stringify({
      consumers: { acme: { keys: [{ sha256: '689febd264f8b977e29c0fdb75f839eb248ba07d1561b14f2b95f42756943245' }] } },
    }),
  )
  bundle = await compileService(folder.path, 'case.yaml')
  service = await startService(bundle, env())
}, 60_000)

afterAll(async () => {
  await service?.stop()
  for (const socket of upstream.clients) socket.terminate()
  upstream.close()
  folder.remove()
})

describe('an open WebSocket', () => {
  test('carries messages of every size both ways, unchanged', async () => {
    const socket = open('/rooms/7?since=1', { protocols: ['chat.v2', 'chat.v1'] })
    await once(socket, 'open')
    expect(socket.protocol).toBe('chat.v2')
    expect(arrived.at(-1)).toMatchObject({ url: '/rooms/7?since=1' })
    expect(arrived.at(-1)!.headers).toMatchObject({ upgrade: 'websocket', connection: 'upgrade', via: '1.1 specgate' })
    expect(arrived.at(-1)!.headers['x-api-key']).toBeUndefined()
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 3_000_000]) {
      const message = Buffer.alloc(size, size % 251)
      socket.send(message)
      const [echo] = (await once(socket, 'message')) as [Buffer]
      expect(echo.equals(message)).toBe(true)
    }
    socket.send('bye')
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
    expect([code, String(reason)]).toEqual([4001, 'as you wish'])
    await vi.waitFor(
      () => expect(service.log).toContainEqual(expect.objectContaining({ operation: 'talk', status: 101 })),
      15_000,
    )
  })

  test('ends for the client when the upstream breaks off, and for the upstream when the client does', async () => {
    const socket = open('/rooms/1')
    await once(socket, 'open')
    socket.send('cut')
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1006)
    const other = open('/rooms/2')
    await once(other, 'open')
    const [there] = [...upstream.clients]
    const ended = once(there!, 'close')
    other.terminate()
    await ended
  })

  test('is closed when nobody has used it for its idle time', async () => {
    const socket = open('/both')
    await once(socket, 'open')
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1006)
  })

  test('is told to go when the service stops, and may end in order', async () => {
    const other = await startService(bundle, env())
    const socket = open('/rooms/3', { url: other.url })
    await once(socket, 'open')
    const closed = once(socket, 'close') as Promise<[number]>
    expect(await other.stop()).toBe(0)
    expect((await closed)[0]).toBe(1001)
  })
})

describe('a handshake', () => {
  test('is authenticated, validated and limited like any request', async () => {
    const before = arrived.length
    expect(await refused(open('/rooms/7', { headers: {} }))).toMatchObject({ status: 401 })
    const invalid = await refused(open('/rooms/seven'))
    expect([invalid.status, JSON.parse(invalid.body).errors[0].parameter]).toEqual([400, 'room'])
    expect((await refused(open('/rooms/7?more=1'))).status).toBe(400)
    expect((await refused(open('/nowhere'))).status).toBe(404)
    expect(arrived).toHaveLength(before)
  })

  test('is refused to pages of origins that may not call', async () => {
    const before = arrived.length
    const headers = (Origin: string) => ({ headers: { 'X-API-Key': key, Origin } })
    expect((await refused(open('/rooms/7', headers('https://evil.example')))).status).toBe(403)
    expect((await refused(open('/rooms/7', headers('null')))).status).toBe(403)
    expect(arrived).toHaveLength(before)
    for (const origin of ['https://app.example', service.url]) {
      const socket = open('/rooms/7', headers(origin))
      await once(socket, 'open')
      socket.close()
    }
  })

  test('that the upstream refuses is answered like any answer: judged, and without what is not declared', async () => {
    refusal = '{"why":"closed","secret":"s3cret"}'
    const answer = await refused(open('/rooms/7'))
    refusal = undefined
    expect([answer.status, answer.body]).toEqual([404, '{"why":"closed"}'])
  })

  test('that is none gets 426, unless plain requests are declared', async () => {
    const headers = { 'X-API-Key': key }
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' }
    const plain = await send(service.url, { target: '/rooms/7', headers })
    expect(plain.status).toBe(426)
    const [old, keyless] = await Promise.all([
      rawAnswer('/rooms/7', {
        ...headers,
        ...upgrade,
        'Sec-WebSocket-Version': '8',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      }),
      rawAnswer('/rooms/7', { ...headers, ...upgrade, 'Sec-WebSocket-Version': '13' }),
    ])
    expect(old).toMatch(/^HTTP\/1\.1 426 [\s\S]*Sec-WebSocket-Version: 13/)
    expect(keyless).toMatch(/^HTTP\/1\.1 400 /)
    // Elsewhere the field means nothing.
    expect(await rawAnswer('/plain', { ...headers, ...upgrade, Connection: 'Upgrade, close' })).not.toMatch(/ 101 /)
  })

  test('that the upstream does not answer ends for it when the client goes away', async () => {
    const { createServer } = await import('node:net')
    const mute = createServer().listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const other = await startService(bundle, {
      UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${(mute.address() as AddressInfo).port}`,
    })
    try {
      const asked = once(mute, 'connection')
      const client = await rawClient(other.url)
      client.send(
        `GET /rooms/7 HTTP/1.1\r\nHost: h\r\nX-API-Key: ${key}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      const [there] = (await asked) as [Socket]
      there.on('error', () => {}).resume()
      client.socket.end()
      await once(there, 'close')
      await vi.waitFor(
        () => expect(other.log).toContainEqual(expect.objectContaining({ operation: 'talk', aborted: true })),
        15_000,
      )
    } finally {
      await other.stop()
      mute.close()
    }
  })

  test('that the upstream agrees to wrongly is 502, and nothing of it comes through', async () => {
    const { createServer } = await import('node:net')
    const liar = createServer((socket) =>
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm8=\r\n\r\nsecret',
        ),
      ),
    ).listen(0, '127.0.0.1')
    await once(liar, 'listening')
    const other = await startService(bundle, {
      UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${(liar.address() as AddressInfo).port}`,
    })
    try {
      const answer = await refused(open('/rooms/7', { url: other.url }))
      expect(answer.status).toBe(502)
      expect(answer.body).not.toContain('secret')
    } finally {
      await other.stop()
      liar.close()
    }
  })
})

async function rawAnswer(target: string, headers: Record<string, string>): Promise<string> {
  const client = await rawClient(service.url)
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  client.send(`GET ${target} HTTP/1.1\r\nHost: h\r\n${fields.join('')}\r\n`)
  await client.until(/\r\n\r\n/, 20_000)
  client.socket.destroy()
  return client.received
}
