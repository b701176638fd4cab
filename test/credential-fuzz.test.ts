import { hash, scryptSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { seconds, signed, signingKey } from './support/issuer.ts'
import { exchangeRaw } from './support/raw-client.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Fields of credentials made of anything, and of good ones with something changed: none reaches the upstream unless it is good. */

const folder = tempFolder('fuzz')
const key = 'k3y-of-acme-0123456789'
const password = 'ada:correct horse'
let token = ''
let upstream: RecordingUpstream
let service: RunningService

beforeAll(async () => {
  const signing = await signingKey()
  token = await signed({ iss: 'https://id.example', aud: 'orders', sub: 'ada', exp: seconds(3600) }, signing)
  const salt = Buffer.alloc(16, 7)
  const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
  const scrypt = scryptSync('correct horse', salt, 32, { N: 2 ** 14, r: 8, p: 1 })
  const consumers = {
    acme: { keys: [{ sha256: hash('sha256', key) }] },
    ada: { passwords: [{ scrypt: `$scrypt$ln=14,r=8,p=1$${unpadded(salt)}$${unpadded(scrypt)}` }] },
  }
  const responses = { 200: { description: 'ok' } }
  const document = {
    openapi: '3.1.1',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    paths: {
      '/token': { get: { security: [{ token: [] }], responses } },
      '/basic': { get: { security: [{ basic: [] }], responses } },
      '/cookie': { get: { security: [{ cookie: [] }, {}], responses } },
      '/both': { get: { security: [{ token: [], cookie: [] }, { basic: [] }], responses } },
    },
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          'x-proxy': { jwt: { issuer: 'https://id.example', audience: 'orders', jwks: { keys: [signing.jwk] } } },
        },
        basic: { type: 'http', scheme: 'basic', 'x-proxy': { basic: {} } },
        cookie: { type: 'apiKey', in: 'cookie', name: 'key', 'x-proxy': { apiKey: {} } },
      },
    },
  }
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  writeFileSync(join(folder.path, 'case.consumers.yaml'), stringify({ consumers }))
  upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
  service = await startService(await compileService(folder.path, 'case.yaml'), { UPSTREAM_DEFAULT_URL: upstream.url })
})

afterAll(async () => {
  await service?.stop()
  await upstream?.close()
  folder.remove()
})

/** Bytes of a field's value; line ends would be another message, which is the parser's to judge. */
const byte = fc.integer({ min: 0, max: 255 }).filter((code) => code !== 10 && code !== 13)
const noise = fc.array(byte, { maxLength: 40 }).map((codes) => String.fromCharCode(...codes))
const word = fc.constantFrom(
  ...['Bearer', 'bearer', 'Basic', 'basic', 'Digest', 'key', 'key=', ';', ',', '=', ' ', '\t', '"', '%00', '__proto__'],
  ...[
    'null',
    'undefined',
    '.',
    '..',
    'e30',
    'eyJhbGciOiJub25lIn0',
    'Og==',
    'YTpi',
    '\x00',
    '\xff',
    'a=1; ',
    '$Version=1',
  ],
)

/** A good value with a few things done to it. */
function spoilt(good: () => string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 3 }),
    put: fc.oneof(word, noise),
  })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce((text, { at, length, put }) => {
      const from = Math.floor(at * text.length)
      return text.slice(0, from) + put.slice(0, 8) + text.slice(from + length)
    }, good()),
  )
}

const authorization = fc.oneof(
  noise,
  fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
  spoilt(() => `Bearer ${token}`),
  spoilt(() => `Basic ${Buffer.from(password).toString('base64')}`),
)
const cookie = fc.oneof(
  noise,
  fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
  spoilt(() => `a=1; key=${key}; b=2`),
)
const field = fc.oneof(
  authorization.map((value) => `Authorization: ${value}`),
  cookie.map((value) => `Cookie: ${value}`),
)

/** A second, strict opinion of what the fields say. */
function isGood(path: string, fields: readonly string[]): boolean {
  const values = (name: string): string[] =>
    fields
      .filter((one) => one.startsWith(`${name}: `))
      .map((one) => one.slice(name.length + 2).replace(/^[\t ]+|[\t ]+$/g, ''))
  const [given = '', ...more] = values('Authorization')
  const isAlone = more.length === 0
  const isToken = isAlone && /^bearer +/i.test(given) && given.replace(/^bearer +/i, '') === token
  const isBasic =
    isAlone && /^basic /i.test(given) && given.slice(6).trim() === Buffer.from(password).toString('base64')
  const pairs = values('Cookie').flatMap((value) => value.split(';').map((pair) => pair.trim()))
  const named = pairs.filter((pair) => /^key\s*(=|$)/.test(pair))
  const isCookie = named.length === 1 && named[0]!.replace(/^key\s*=\s*/, '') === key
  if (path === '/token') return isToken
  if (path === '/basic') return isBasic
  if (path === '/cookie') return isCookie || named.length === 0
  return (isToken && isCookie) || isBasic
}

const request = (path: string, fields: readonly string[]): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${fields.map((one) => `${one}\r\n`).join('')}Connection: close\r\n\r\n`

test('fields of credentials made of anything', { timeout: 120_000 }, async () => {
  const path = fc.constantFrom('/token', '/basic', '/cookie', '/both')
  await fc.assert(
    fc.asyncProperty(path, fc.array(field, { minLength: 1, maxLength: 3 }), async (target, fields) => {
      upstream.take()
      const answer = await exchangeRaw(service.url, request(target, fields), 30_000)
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])
      const arrived = upstream.take()
      if (arrived.length > 0) {
        expect(isGood(target, fields), `${target} ${JSON.stringify(fields)} reached the upstream`).toBe(true)
        expect(status).toBe(200)
      } else {
        expect([400, 401, 431], `${target} ${JSON.stringify(fields)}: ${answer.slice(0, 200)}`).toContain(status)
      }
    }),
    { numRuns: 1_500, seed: 20_261_120, interruptAfterTimeLimit: 60_000 },
  )
  expect(service.log.filter(({ msg }) => msg === 'unexpected failure')).toEqual([])
  const good = [`Authorization: Bearer ${token}`, `Cookie: key=${key}`]
  expect(await exchangeRaw(service.url, request('/both', good))).toMatch(/^HTTP\/1\.1 200 /)
  expect(service.process.exitCode).toBeNull()
})
