import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasRedis, RedisServer } from '../runtime/store/redis-server.test-support.ts'
import { compileService } from './support/compile-service.ts'
import { send } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const responses = { 200: { description: 'ok' } }
const operation = (concurrency: object) => ({ get: { responses, 'x-proxy': { concurrency } } })
const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  paths: {
    '/one': operation({ max: 1 }),
    '/line': operation({ max: 1, queue: 1, queueTimeout: '1m' }),
    '/shared': operation({ max: 1, store: 'main', onStoreError: 'closed' }),
  },
  components: { 'x-proxy': { stores: { main: { type: 'redis', url: '${env:REDIS_URL:-redis://127.0.0.1:1}' } } } },
}
const patient = { timeout: 15_000, interval: 20 }

/** Places come back however a request ends; the upstream holds every request until it is told what to do with it. */
describe('places', () => {
  const folder = tempFolder('concurrency')
  const held: { request: IncomingMessage; response: ServerResponse }[] = []
  let upstream: Server
  let redis: RedisServer | undefined
  let services: RunningService[] = []

  beforeAll(async () => {
    if (hasRedis) redis = await RedisServer.start()
    upstream = createServer((request, response) => void held.push({ request, response })).listen(0, '127.0.0.1')
    await new Promise((resolve) => upstream.once('listening', resolve))
    writeFileSync(join(folder.path, 'places.json'), JSON.stringify(document))
    const bundle = await compileService(folder.path, 'places.json')
    const env = {
      UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    }
    services = await Promise.all([1, 2].map(() => startService(bundle, env)))
  }, 60_000)

  afterAll(async () => {
    upstream?.closeAllConnections()
    await Promise.all(services.map((service) => service.stop()))
    upstream?.close()
    await redis?.kill()
    folder.remove()
  })

  /** Sends a request and waits until the upstream has it. */
  async function occupy(target: string): Promise<{ socket: Socket; response: ServerResponse; text: () => string }> {
    const { hostname, port } = new URL(services[0]!.url)
    const socket = connect(Number(port), hostname)
    let text = ''
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        text += bytes.toString('latin1')
      })
    const before = held.length
    socket.write(`GET ${target} HTTP/1.1\r\nHost: api.example\r\n\r\n`)
    await vi.waitFor(() => expect(held).toHaveLength(before + 1), patient)
    return { socket, response: held[before]!.response, text: () => text }
  }

  const busy = async (target: string, index = 0): Promise<void> => {
    const { status, body } = await send(services[index]!.url, { target })
    expect([status, String(body)]).toEqual([503, expect.stringContaining('temporary-reduced-capacity')])
  }

  /** Asks until a place is there, and gives it back. */
  const free = async (target: string, index = 0): Promise<void> => {
    await vi.waitFor(async () => {
      const before = held.length
      const asked = send(services[index]!.url, { target }, 60_000)
      const status = await Promise.race([
        asked.then((answer) => answer.status),
        vi.waitFor(() => expect(held).toHaveLength(before + 1), patient).then(() => 'admitted'),
      ])
      if (status === 'admitted') held[before]!.response.end('{}')
      expect(status === 'admitted' ? (await asked).status : status).toBe(200)
    }, patient)
  }

  const ends: [string, (one: Awaited<ReturnType<typeof occupy>>) => void | Promise<void>][] = [
    ['the answer is out', ({ response }) => void response.end('{}')],
    ['the client goes away before the answer', ({ socket }) => void socket.destroy()],
    [
      'the upstream breaks off before the answer',
      // A GET may be tried again on another connection.
      ({ text }) =>
        vi.waitFor(() => {
          held.at(-1)!.response.destroy()
          expect(text()).toContain(' 502 ')
        }, patient),
    ],
    [
      'a stream has ended',
      async ({ response, text }) => {
        response.write('first')
        await vi.waitFor(() => expect(text()).toContain('first'), patient)
        await busy('/one')
        response.end('last')
      },
    ],
    [
      'the client goes away in the middle of a stream',
      async ({ socket, response, text }) => {
        response.write('first')
        await vi.waitFor(() => expect(text()).toContain('first'), patient)
        socket.destroy()
      },
    ],
    [
      'the upstream breaks off in the middle of a stream',
      async ({ response, text }) => {
        response.write('first')
        await vi.waitFor(() => expect(text()).toContain('first'), patient)
        response.destroy()
      },
    ],
  ]
  test.each(ends)('come back when %s', async (_, end) => {
    const one = await occupy('/one')
    await busy('/one')
    await end(one)
    await free('/one')
    one.socket.destroy()
  })

  test('who waits and goes away leaves the line', async () => {
    const one = await occupy('/line')
    const { hostname, port } = new URL(services[0]!.url)
    const waiting = connect(Number(port), hostname).on('error', () => {})
    waiting.write('GET /line HTTP/1.1\r\nHost: api.example\r\n\r\n')
    const inFlight = async (): Promise<string> =>
      /^http_requests_in_flight (\d+)/m.exec(await (await fetch(`${services[0]!.adminUrl}/metrics`)).text())?.[1] ?? ''
    await vi.waitFor(async () => expect(await inFlight()).toBe('2'), patient)
    await busy('/line')
    const before = held.length
    waiting.destroy()
    await vi.waitFor(async () => expect(await inFlight()).toBe('1'), patient)
    one.response.end('{}')
    await free('/line')
    expect(held.length).toBe(before + 1)
    one.socket.destroy()
  })

  test.skipIf(!hasRedis)(
    `are shared over a store, and given back there${hasRedis ? '' : ' (skipped: no redis-server)'}`,
    // A store that is slow for a moment refuses everybody: that says nothing of places.
    { retry: 2 },
    async () => {
      const one = await occupy('/shared')
      await vi.waitFor(() => busy('/shared', 1), patient)
      one.socket.destroy()
      await free('/shared', 1)
    },
  )
})
