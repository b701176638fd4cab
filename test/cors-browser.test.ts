import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { hasBrowser, startBrowser } from './support/browser.ts'
import { compileService } from './support/compile-service.ts'
import { recordingUpstream } from './support/recording-upstream.ts'
import { startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const responses = { 200: { description: 'ok' } }
const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  security: [{ key: [] }],
  'x-proxy': {
    cors: { origins: ['http://localhost:*'], credentials: true, expose: ['X-Total', 'Retry-After'] },
    server: { limits: { body: '1KiB' } },
  },
  paths: {
    '/orders': {
      get: { parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }], responses },
      put: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses },
    },
    '/limited': { get: { responses, 'x-proxy': { rateLimit: { few: { quota: 1, window: '1h' } } } } },
  },
  components: {
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': { apiKey: {} } } },
  },
}

/** What a page does, and what it sees of it: status, what it could read, or that the browser keeps it from reading. */
interface Asked {
  readonly path: string
  readonly init?: {
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string
    readonly credentials?: 'include'
  }
}
const withKey = { 'X-Key': 'key-of-acme' }
const put = (more: object = {}, body = '{}'): Asked => ({
  path: '/orders',
  init: { method: 'PUT', headers: { ...withKey, 'Content-Type': 'application/json', ...more }, body },
})

const asked: readonly (readonly [string, Asked, string])[] = [
  ['a good request', { path: '/orders', init: { headers: withKey } }, '200 total 7 {}'],
  [
    'with credentials of the browser',
    { path: '/orders', init: { headers: withKey, credentials: 'include' } },
    '200 total 7 {}',
  ],
  ['a method and fields that need a preflight', put(), '200 total 7 {}'],
  ['no key', { path: '/orders' }, '401 unauthorized'],
  ['a wrong key', { path: '/orders', init: { headers: { 'X-Key': 'wrong' } } }, '401 unauthorized'],
  ['an invalid request', { path: '/orders?limit=x', init: { headers: withKey } }, '400 invalid-request'],
  ['a body that is too large', put({}, `{"x":"${'x'.repeat(2_000)}"}`), '413 content-too-large'],
  ['an unknown path', { path: '/nowhere' }, '404 not-found'],
  ['within a limit', { path: '/limited', init: { headers: withKey } }, '200 total 7 {}'],
  ['beyond a limit', { path: '/limited', init: { headers: withKey } }, '429 quota-exceeded retry'],
  ['a field that is not granted', put({ 'X-Other': '1' }), 'blocked'],
  ['a method that is not declared', { path: '/orders', init: { method: 'DELETE', headers: withKey } }, 'blocked'],
]

test.skipIf(!hasBrowser)(
  `a browser lets pages of the named origins read answers and problems, and no others${hasBrowser ? '' : ' (skipped: no chromium)'}`,
  { timeout: 180_000 },
  async () => {
    const folder = tempFolder('browser')
    writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
    const consumers = { acme: { keys: [{ sha256: hash('sha256', 'key-of-acme') }] } }
    writeFileSync(join(folder.path, 'case.consumers.yaml'), stringify({ consumers }))
    const bundle = await compileService(folder.path, 'case.yaml')
    const upstream = await recordingUpstream(() => ({
      status: 200,
      headers: { 'Content-Type': 'application/json', 'X-Total': '7', 'Access-Control-Allow-Origin': '*' },
      body: '{}',
    }))
    const service = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url })
    const pages = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'))
    await new Promise<void>((resolve) => pages.listen(0, 'localhost', resolve))
    const { port } = pages.address() as AddressInfo
    const others = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'))
    await new Promise<void>((resolve) => others.listen(0, '127.0.0.1', resolve))
    const otherPort = (others.address() as AddressInfo).port
    const browser = await startBrowser()
    try {
      const seenFrom = async (origin: string): Promise<Record<string, string>> => {
        const page = await browser.newPage()
        await page.goto(origin)
        const seen: Record<string, string> = {}
        for (const [name, request] of asked) seen[name] = await page.evaluate(inPage, { base: service.url, ...request })
        await page.close()
        return seen
      }
      expect(await seenFrom(`http://localhost:${port}/`)).toEqual(
        Object.fromEntries(asked.map(([name, , sees]) => [name, sees])),
      )
      upstream.take()
      expect(await seenFrom(`http://127.0.0.1:${otherPort}/`)).toEqual(
        Object.fromEntries(asked.map(([name]) => [name, 'blocked'])),
      )
      // What needs a preflight is not even sent.
      expect(upstream.take().filter(({ method }) => method !== 'GET')).toEqual([])
    } finally {
      await browser.close()
      await service.stop()
      await upstream.close()
      for (const server of [pages, others]) {
        server.closeAllConnections()
        server.close()
      }
      folder.remove()
    }
  },
)

/** Runs in the browser: nothing of this file is there. */
async function inPage({ base, path, init }: Asked & { readonly base: string }): Promise<string> {
  try {
    const answer = await fetch(base + path, init ?? {})
    const text = await answer.text()
    if (answer.ok) return `${answer.status} total ${answer.headers.get('x-total')} ${text}`
    const { type } = JSON.parse(text) as { type: string }
    const retry = answer.headers.get('retry-after') === null ? '' : ' retry'
    return `${answer.status} ${type.replace(/.*[/#]/, '')}${retry}`
  } catch {
    return 'blocked'
  }
}
