import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { seconds, signed, signingKey } from './support/issuer.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { send, valuesOf } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Every combination of schemes × and/or × what is presented, over sockets, against a second opinion of what `security` means. */

const schemes = ['header', 'query', 'token'] as const
type Scheme = (typeof schemes)[number]
const states = ['missing', 'valid', 'wrong', 'expired', 'foreign'] as const
type State = (typeof states)[number]

/** Requirements of one to three schemes, alone, as alternatives, and beside `{}`. */
const requirements: Scheme[][][] = [
  [['header']],
  [['query']],
  [['token']],
  [['header', 'token']],
  [['header', 'query', 'token']],
  [['header'], ['token']],
  [['query'], ['header', 'token']],
  [
    ['token', 'query'],
    ['header', 'query'],
  ],
  [['header'], ['query'], ['token']],
  [['token'], []],
  [['header', 'token'], []],
  [[], ['header'], ['token', 'query']],
]

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')
const consumers = (name: string): string =>
  stringify({
    consumers: {
      [name]: {
        keys: [{ sha256: digest(`${name}-valid`) }, { sha256: digest(`${name}-expired`), expires: '2020-01-01' }],
      },
    },
  })
const folder = tempFolder('matrix')
const tokens = new Map<State, string>()
let upstream: RecordingUpstream
let service: RunningService

beforeAll(async () => {
  const key = await signingKey()
  const claims = { iss: 'https://id.example', aud: 'orders', sub: 'token', exp: seconds(600) }
  tokens.set('valid', await signed(claims, key))
  tokens.set('wrong', await signed(claims, await signingKey('ES256', key.kid)))
  tokens.set('expired', await signed({ ...claims, exp: 1 }, key))
  tokens.set('foreign', await signed({ ...claims, aud: 'billing' }, key))
  const apiKey = (name: Scheme) => ({ apiKey: { consumers: `./${name}.yaml` } })
  const document = {
    openapi: '3.1.1',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    'x-proxy': { identityHeaders: { 'X-Consumer': 'consumer.id' }, validate: { unknown: { query: 'pass' } } },
    paths: Object.fromEntries(
      requirements.map((anyOf, index) => [
        `/${index}`,
        {
          get: {
            security: anyOf.map((all) => Object.fromEntries(all.map((name) => [name, []]))),
            responses: { 200: { description: 'ok' } },
          },
        },
      ]),
    ),
    components: {
      securitySchemes: {
        header: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': apiKey('header') },
        query: { type: 'apiKey', in: 'query', name: 'key', 'x-proxy': apiKey('query') },
        token: {
          type: 'http',
          scheme: 'bearer',
          'x-proxy': { jwt: { issuer: claims.iss, audience: 'orders', jwks: { keys: [key.jwk] } } },
        },
      },
    },
  }
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  for (const name of ['header', 'query']) writeFileSync(join(folder.path, `${name}.yaml`), consumers(name))
  upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
  service = await startService(await compileService(folder.path, 'case.yaml'), { UPSTREAM_DEFAULT_URL: upstream.url })
})

afterAll(async () => {
  await service?.stop()
  await upstream?.close()
  folder.remove()
})

/** A key of the other scheme is foreign to this one. */
function keyFor(name: 'header' | 'query', state: State): string {
  return state === 'foreign' ? `${name === 'header' ? 'query' : 'header'}-valid` : `${name}-${state}`
}

/** What OpenAPI says: any of the requirements, all schemes within; nobody only where nothing wrong was presented. */
function expected(anyOf: Scheme[][], given: Record<Scheme, State>): { status: number; consumer: string | undefined } {
  const met = anyOf.find((all) => all.length > 0 && all.every((name) => given[name] === 'valid'))
  if (met !== undefined) return { status: 200, consumer: met[0] }
  const isWrong = anyOf.flat().some((name) => !['missing', 'valid'].includes(given[name]))
  const isOptional = anyOf.some((all) => all.length === 0)
  return isOptional && !isWrong ? { status: 200, consumer: undefined } : { status: 401, consumer: undefined }
}

test.each(requirements.map((anyOf, index) => [JSON.stringify(anyOf), index] as const))('%s', async (_, index) => {
  const anyOf = requirements[index]!
  const declared = new Set(anyOf.flat())
  const faults: string[] = []
  for (let code = 0; code < states.length ** schemes.length; code++) {
    const given = Object.fromEntries(
      schemes.map((name, at) => [name, states[Math.floor(code / states.length ** at) % states.length]!]),
    ) as Record<Scheme, State>
    const wanted = expected(anyOf, given)
    upstream.take()
    const answer = await send(service.url, {
      target: given.query === 'missing' ? `/${index}` : `/${index}?key=${keyFor('query', given.query)}`,
      headers: {
        ...(given.header === 'missing' ? {} : { 'X-Key': keyFor('header', given.header) }),
        ...(given.token === 'missing' ? {} : { Authorization: `Bearer ${tokens.get(given.token)}` }),
      },
    })
    const [arrived] = upstream.take()
    const challenges = valuesOf(answer.rawHeaders, 'www-authenticate')
    const names = challenges.map((one) => one.replace(/ .*/, ''))
    const told = valuesOf(arrived?.rawHeaders ?? [], 'x-consumer')[0]
    const leaked =
      (declared.has('header') && valuesOf(arrived?.rawHeaders ?? [], 'x-key').length > 0) ||
      (declared.has('token') && valuesOf(arrived?.rawHeaders ?? [], 'authorization').length > 0) ||
      (declared.has('query') && (arrived?.target.includes('key=') ?? false))
    const isRight =
      answer.status === wanted.status &&
      told === wanted.consumer &&
      (arrived !== undefined) === (wanted.status === 200) &&
      names.length === (wanted.status === 401 ? declared.size : 0) &&
      !challenges.join().includes('insufficient_scope') &&
      !leaked
    if (!isRight)
      faults.push(
        `${JSON.stringify(given)}: ${answer.status} ${told} ${names.length} challenges, leaked ${leaked}; wanted ${JSON.stringify(wanted)}`,
      )
  }
  expect(faults).toEqual([])
})
