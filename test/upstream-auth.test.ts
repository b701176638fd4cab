import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { type Issuer, startIssuer } from './support/issuer.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { send, valuesOf } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** A service that calls its upstream with tokens of its own (RFC 6749 §4.4), and a real token endpoint. */

const folder = tempFolder('upstream-auth')
const secret = 'the-secret-of-the-client'
let issuer: Issuer
let upstream: RecordingUpstream
let bundle: string
let issued = 0
let revoked = new Set<string>()
let env: Record<string, string>

beforeAll(async () => {
  issuer = await startIssuer()
  issuer.grant = () => ({ body: { access_token: `token-${++issued}`, token_type: 'Bearer', expires_in: 600 } })
  upstream = await recordingUpstream(({ rawHeaders }) => {
    const token = valuesOf(rawHeaders, 'authorization')[0] ?? ''
    return revoked.has(token)
      ? { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' }, body: '{}' }
      : { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{}' }
  })
  const responses = { 200: { description: 'ok' }, 401: { description: 'no' } }
  const document = {
    openapi: '3.1.1',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    security: [{ key: [] }],
    'x-proxy': {
      upstreams: {
        default: {
          auth: {
            clientCredentials: {
              tokenUrl: '${env:TOKEN_URL}',
              clientId: 'orders',
              clientSecret: '${env:CLIENT_SECRET}',
              scopes: ['erp.read'],
            },
          },
        },
      },
    },
    paths: { '/orders': { get: { responses }, post: { responses, requestBody: { content: { 'text/plain': {} } } } } },
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  }
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  bundle = await compileService(folder.path, 'case.yaml')
  env = { UPSTREAM_DEFAULT_URL: upstream.url, TOKEN_URL: `${issuer.url}/token`, CLIENT_SECRET: secret }
})

afterAll(async () => {
  await upstream?.close()
  await issuer?.close()
  folder.remove()
})

const ask = async (service: RunningService, method = 'GET') =>
  send(service.url, {
    method,
    target: '/orders',
    headers: { Authorization: 'Bearer of-the-caller', ...(method === 'POST' ? { 'Content-Type': 'text/plain' } : {}) },
    ...(method === 'POST' ? { body: 'hello' } : {}),
  })
const arrived = (): string[][] =>
  upstream
    .take()
    .map(({ method, body, rawHeaders }) => [method, String(body), ...valuesOf(rawHeaders, 'authorization')])

test('one token for all requests, in place of the caller’s; replaced where it is refused; nothing secret is logged', async () => {
  const service = await startService(bundle, env)
  try {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(service)))
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
    expect(arrived()).toEqual(Array(12).fill(['GET', '', 'Bearer token-1']))
    expect(issued).toBe(1)

    revoked = new Set(['Bearer token-1'])
    expect((await ask(service, 'POST')).status).toBe(200)
    expect(arrived()).toEqual([
      ['POST', 'hello', 'Bearer token-1'],
      ['POST', 'hello', 'Bearer token-2'],
    ])
    revoked = new Set(['Bearer token-2', 'Bearer token-3'])
    const refused = await ask(service)
    expect(refused.status).toBe(502)
    expect(valuesOf(refused.rawHeaders, 'www-authenticate')).toEqual([])
    expect(JSON.parse(String(refused.body)).type).toMatch(/upstream-refused$/)
    expect(issued).toBe(2)
    expect(JSON.stringify(service.log)).not.toMatch(/token-\d|the-secret|of-the-caller/)
  } finally {
    revoked = new Set()
    await service.stop()
  }
})

test('the token endpoint is away: 503, nothing goes upstream, and it works as soon as it is back', async () => {
  issuer.failsWith = 500
  upstream.take()
  const service = await startService(bundle, env)
  try {
    const answer = await ask(service)
    expect(answer.status).toBe(503)
    expect(Number(valuesOf(answer.rawHeaders, 'retry-after')[0])).toBeGreaterThan(0)
    expect(answer.body.toString()).not.toContain('127.0.0.1')
    expect(upstream.take()).toEqual([])
    issuer.failsWith = undefined
    await expect.poll(async () => (await ask(service)).status, { timeout: 15_000, interval: 200 }).toBe(200)
  } finally {
    issuer.failsWith = undefined
    await service.stop()
  }
})

test('a service without its secret, or with a token endpoint that anybody could listen to, does not start', async () => {
  await expect(startService(bundle, { ...env, CLIENT_SECRET: '' })).rejects.toThrow('CLIENT_SECRET is not set')
  await expect(startService(bundle, { ...env, TOKEN_URL: 'http://id.example/token' })).rejects.toThrow(
    'must begin with https://',
  )
})
