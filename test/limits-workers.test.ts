import { writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { compileService } from './support/compile-service.ts'
import { send } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const responses = { 200: { description: 'ok' } }
const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  'x-proxy': {
    server: { trustedProxies: ['127.0.0.1'] },
    protect: { suspendAfter: { 'not-found': { count: 8, window: '1h', for: '1h' } } },
  },
  paths: {
    '/held': { get: { responses, 'x-proxy': { concurrency: { max: 3 } } } },
    '/monthly': {
      get: { responses, 'x-proxy': { quota: { all: { quota: 21, window: 'month', by: 'header.X-Try' } } } },
    },
  },
}
const patient = { timeout: 15_000, interval: 30 }

const folder = tempFolder('limits-workers')
const held: ServerResponse[] = []
let upstream: Server
let service: RunningService

beforeAll(async () => {
  upstream = createServer((request, response) => {
    if (request.url === '/held') held.push(response)
    else response.end('{}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => upstream.once('listening', resolve))
  writeFileSync(join(folder.path, 'workers.json'), JSON.stringify(document))
  const bundle = await compileService(folder.path, 'workers.json')
  const { port } = upstream.address() as AddressInfo
  service = await startService(bundle, { UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${port}`, WORKERS: '3' }, 30_000)
}, 60_000)

afterAll(async () => {
  upstream?.closeAllConnections()
  await service?.stop()
  upstream?.close()
  folder.remove()
})

/** Over a connection of its own, and so to one worker after the other. */
const ask = async (target: string, address = '192.0.2.1', attempt = 0): Promise<number> => {
  const headers = { 'X-Forwarded-For': address, 'X-Try': String(attempt) }
  return (await send(service.url, { target, headers }, 60_000)).status
}
/** A primary that is held up for two seconds is not waited for: that says nothing of how it counts. */
const patiently = { retry: 2 }
let attempt = 0
const count = (statuses: readonly number[], wanted: number): number => statuses.filter((one) => one === wanted).length

test('workers admit exactly the quota together', patiently, async () => {
  attempt++
  const statuses = await Promise.all(Array.from({ length: 60 }, () => ask('/monthly', undefined, attempt)))
  expect([count(statuses, 200), count(statuses, 429)]).toEqual([21, 39])
})

test('workers have their places together', patiently, async () => {
  for (const response of held.splice(0)) response.end('{}')
  const asked = Array.from({ length: 9 }, () => ask('/held'))
  const refused: number[] = []
  for (const one of asked) void one.then((status) => status === 503 && refused.push(status))
  await vi.waitFor(() => expect([held.length, refused.length]).toEqual([3, 6]), patient)
  for (const response of held.splice(0)) response.end('{}')
  expect(count(await Promise.all(asked), 200)).toBe(3)
  await vi.waitFor(async () => {
    const again = ask('/held')
    await vi.waitFor(() => expect(held).toHaveLength(1), { timeout: 2000 })
    held.pop()!.end('{}')
    expect(await again).toBe(200)
  }, patient)
})

test('workers suspend together, and let in again together', async () => {
  for (let i = 0; i < 8; i++) expect(await ask('/nowhere', '192.0.2.9')).toBe(404)
  const everywhere = async (status: number): Promise<void> => {
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push(await ask('/nowhere', '192.0.2.9'))
    expect(statuses).toEqual(Array(6).fill(status))
  }
  await vi.waitFor(() => everywhere(429), patient)
  const blocks = (): Promise<unknown> => fetch(`${service.adminUrl}/blocks`).then((response) => response.json())
  expect(await blocks()).toMatchObject({ blocks: [{ subject: 'address 192.0.2.9', signal: 'not-found', times: 1 }] })
  const lifted = await fetch(`${service.adminUrl}/blocks/lift`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ subject: 'address 192.0.2.9' }),
  })
  expect(await lifted.json()).toEqual({ lifted: 1 })
  await everywhere(404)
  expect(await blocks()).toEqual({ blocks: [] })
})
