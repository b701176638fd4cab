import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileService } from './support/compile-service.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { repository } from './support/repository.ts'
import { send } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const folder = tempFolder('cache-purge')
let upstream: RecordingUpstream
let service: RunningService

const get = (operationId: string, more: object = {}) => ({
  operationId,
  responses: { 200: { description: 'ok' } },
  ...more,
})
const parameters = [{ name: 'orderId', in: 'path', required: true, schema: { type: 'string' } }]
const document = (purge: boolean) => ({
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  'x-proxy': { cache: { ttl: '1m' }, server: { admin: { purge } } },
  paths: {
    '/orders': { get: get('listOrders') },
    '/orders/{orderId}': {
      get: get('getOrder', { parameters, 'x-proxy': { cache: { tags: ['order:{path.orderId}'] } } }),
    },
  },
})

beforeAll(async () => {
  upstream = await recordingUpstream(() => ({ status: 200, headers: { etag: '"1"' }, body: 'x' }))
  for (const purge of [true, false]) writeFileSync(join(folder.path, `${purge}.json`), JSON.stringify(document(purge)))
  service = await startService(await compileService(folder.path, 'true.json'), { UPSTREAM_DEFAULT_URL: upstream.url })
}, 60_000)

afterAll(async () => {
  await service?.stop()
  await upstream?.close()
  folder.remove()
})

async function statusOf(target: string): Promise<string> {
  const response = await fetch(service.url + target)
  await response.arrayBuffer()
  return response.headers.get('cache-status') ?? ''
}

async function purge(body: string, type = 'application/json'): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${service.adminUrl}/cache/purge`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body,
  })
  const text = await response.text()
  return { status: response.status, answer: type === 'application/json' ? JSON.parse(text) : text }
}

async function fill(): Promise<void> {
  await purge('{"all":true}')
  for (const target of ['/orders', '/orders/7', '/orders/8']) expect(await statusOf(target)).toContain('stored')
}

/** Which of the three are still there. */
async function left(): Promise<string[]> {
  const found: string[] = []
  for (const target of ['/orders', '/orders/7', '/orders/8'])
    if ((await statusOf(target)).includes('; hit')) found.push(target)
  return found
}

test.each<[object, string[]]>([
  [{ tags: ['order:7'] }, ['/orders', '/orders/8']],
  [{ operations: ['getOrder'] }, ['/orders']],
  [{ urls: ['/orders'] }, ['/orders/7', '/orders/8']],
  [{ urls: ['https://whatever.example/orders/8?x=1'], tags: ['order:7'] }, ['/orders']],
  [{ all: true }, []],
])('%j', async (request, expected) => {
  await fill()
  expect(await purge(JSON.stringify(request))).toEqual({
    status: 200,
    answer: { purged: 3 - expected.length, soft: false },
  })
  expect(await left()).toEqual(expected)
})

test('soft: stale, and validated', async () => {
  await fill()
  await purge('{"tags":["order:7"],"soft":true}')
  expect(await statusOf('/orders/7')).toContain('fwd=stale')
})

test.each<[string, number, string?]>([
  ['{', 400],
  ['[]', 400],
  ['{}', 400],
  ['{"tags":"a"}', 400],
  ['{"tag":["a"]}', 400],
  ['{"all":"yes"}', 400],
  ['{"all":true}', 415, 'text/plain'],
  [`${' '.repeat(70_000)}{}`, 413],
])('%s is refused with %i', async (body, status, type) => {
  const response = await fetch(`${service.adminUrl}/cache/purge`, {
    method: 'POST',
    headers: { 'Content-Type': type ?? 'application/json' },
    body,
  })
  expect(response.status).toBe(status)
})

test('from the shell', async () => {
  const run = promisify(execFile)
  const cli = async (...args: string[]): Promise<string> => {
    const all = ['--conditions=@specgate/source', join(repository, 'generator/cli.ts'), 'cache', 'purge', ...args]
    return run(process.execPath, all).then(
      ({ stdout }) => stdout.trim(),
      ({ code, stderr }) => `${code}: ${String(stderr).trim()}`,
    )
  }
  await fill()
  expect(await cli('--admin', service.adminUrl, '--tag', 'order:7', 'order:8')).toBe('2 stored answers forgotten.')
  expect(await cli('--admin', service.adminUrl, '--operation', 'listOrders', '--soft')).toBe(
    '1 stored answer made stale.',
  )
  expect(await cli('--admin', 'http://127.0.0.1:1', '--all')).toContain('1: Nobody answers')
  expect(await cli()).toMatch(/^2: error: say what/)
}, 30_000)

test('there is no such address unless the document asks for it', async () => {
  const other = await startService(await compileService(folder.path, 'false.json'), {
    UPSTREAM_DEFAULT_URL: upstream.url,
  })
  const response = await fetch(`${other.adminUrl}/cache/purge`, { method: 'POST', body: '{"all":true}' })
  expect(response.status).toBe(404)
  await other.stop()
})

test('the numbers of it', async () => {
  await fill()
  await left()
  const page = (await send(service.adminUrl, { target: '/metrics' })).body.toString('utf8')
  expect(page).toMatch(/^specgate_cache_hit_ratio\{operation="getOrder"\} 0\.\d+$/m)
  expect(page).toMatch(/^specgate_cache_entries 3$/m)
  expect(page).toMatch(/^specgate_cache_bytes [1-9]\d+$/m)
  expect(page).toMatch(/^specgate_cache_evictions_total 0$/m)
  expect(page).toMatch(/^specgate_policy_events_total\{operation="getOrder",policy="cache",event="hit"\} \d+$/m)
})
