import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { seconds, signed, signingKey } from './support/issuer.ts'
import { type RecordedRequest, type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { type Received, valuesOf } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Every combination of schemes × and/or × what is presented, over sockets, against a second opinion of what `security` means. */

const schemes = ['header', 'cookie', 'token'] as const
type Scheme = (typeof schemes)[number]
/** `weak`: good, without the role or scope that is asked for. */
const states = ['missing', 'valid', 'weak', 'wrong', 'expired', 'foreign'] as const
type State = (typeof states)[number]
type Given = Readonly<Record<Scheme, State>>

/** Every set of schemes as a requirement; every one and two of those as alternatives; each of these with and without `{}`. */
const sets = Array.from({ length: 2 ** schemes.length - 1 }, (_, code) =>
  schemes.filter((_, at) => ((code + 1) >> at) & 1),
)
const alternatives = sets.flatMap((one, at) => [[one], ...sets.slice(at + 1).map((other) => [one, other])])
const requirements: Scheme[][][] = alternatives.flatMap((anyOf) => [anyOf, [...anyOf, []]])

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')
const consumersOf = (name: string): string =>
  stringify({
    consumers: {
      [name]: {
        roles: ['reader'],
        keys: [{ sha256: digest(`${name}-valid`) }, { sha256: digest(`${name}-expired`), expires: '2020-01-01' }],
      },
      [`${name}-weak`]: { roles: ['other'], keys: [{ sha256: digest(`${name}-weak`) }] },
    },
  })
const folder = tempFolder('matrix')
const agent = new Agent({ keepAlive: true, maxSockets: 16 })
const tokens = new Map<State, string>()
let upstream: RecordingUpstream
let service: RunningService

beforeAll(async () => {
  const key = await signingKey()
  const claims = { iss: 'https://id.example', aud: 'orders', sub: 'token', scope: 'a read b', exp: seconds(3600) }
  tokens.set('valid', await signed(claims, key))
  tokens.set('weak', await signed({ ...claims, scope: 'reader a' }, key))
  tokens.set('wrong', await signed(claims, await signingKey('ES256', key.kid)))
  tokens.set('expired', await signed({ ...claims, exp: 1 }, key))
  tokens.set('foreign', await signed({ ...claims, aud: 'billing' }, key))
  const apiKey = (name: Scheme) => ({ apiKey: { consumers: `./${name}.yaml` } })
  const asked = (name: Scheme) => [name, [name === 'token' ? 'read' : 'reader']]
  const document = {
    openapi: '3.1.1',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    'x-proxy': { identityHeaders: { 'X-Consumer': 'consumer.id' } },
    paths: Object.fromEntries(
      requirements.map((anyOf, index) => [
        `/${index}`,
        {
          get: {
            security: anyOf.map((all) => Object.fromEntries(all.map(asked))),
            responses: { 200: { description: 'ok' } },
          },
        },
      ]),
    ),
    components: {
      securitySchemes: {
        header: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': apiKey('header') },
        cookie: { type: 'apiKey', in: 'cookie', name: 'key', 'x-proxy': apiKey('cookie') },
        token: {
          type: 'openIdConnect',
          openIdConnectUrl: 'https://id.example/.well-known/openid-configuration',
          'x-proxy': { jwt: { issuer: claims.iss, audience: 'orders', jwks: { keys: [key.jwk] } } },
        },
      },
    },
  }
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  for (const name of ['header', 'cookie']) writeFileSync(join(folder.path, `${name}.yaml`), consumersOf(name))
  upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
  service = await startService(await compileService(folder.path, 'case.yaml'), { UPSTREAM_DEFAULT_URL: upstream.url })
})

afterAll(async () => {
  agent.destroy()
  await service?.stop()
  await upstream?.close()
  folder.remove()
})

/** A key of the other scheme is foreign to this one. */
function keyFor(name: 'header' | 'cookie', state: State): string {
  return state === 'foreign' ? `${name === 'header' ? 'cookie' : 'header'}-valid` : `${name}-${state}`
}

function ask(index: number, number: number, given: Given): Promise<Received> {
  const headers = {
    'X-Number': String(number),
    ...(given.header === 'missing' ? {} : { 'X-Key': keyFor('header', given.header) }),
    Cookie: given.cookie === 'missing' ? 'a=1' : `a=1; key=${keyFor('cookie', given.cookie)}; b=2`,
    ...(given.token === 'missing' ? {} : { Authorization: `Bearer ${tokens.get(given.token)}` }),
  }
  return new Promise((resolve, fail) => {
    request(new URL(`/${index}`, service.url), { agent, headers }, (incoming) => {
      incoming
        .resume()
        .on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, rawHeaders: incoming.rawHeaders, body: Buffer.alloc(0) }),
        )
    })
      .on('error', fail)
      .end()
  })
}

interface Wanted {
  readonly status: 200 | 401 | 403
  readonly consumer?: string
  /** Challenges: how many, and of how many the token says that it grants too little. */
  readonly challenges: number
  readonly isTokenShort: boolean
}

/** What OpenAPI says: any of the requirements, all schemes within; nobody only where nothing wrong was presented. */
function expected(anyOf: Scheme[][], given: Given): Wanted {
  const plain = { challenges: 0, isTokenShort: false }
  const met = anyOf.find((all) => all.length > 0 && all.every((name) => given[name] === 'valid'))
  if (met !== undefined) return { status: 200, consumer: met[0]!, ...plain }
  const declared = new Set(anyOf.flat())
  // The first scheme that is not good says why a requirement is not met.
  const why = anyOf.map((all) => all.map((name) => given[name]).find((state) => state !== 'valid'))
  if (why.includes('weak')) {
    const isTokenAsked = anyOf.some(
      (all) => all.includes('token') && all.slice(0, all.indexOf('token')).every((name) => given[name] === 'valid'),
    )
    const isTokenShort = given.token === 'weak' && isTokenAsked
    return { status: 403, challenges: isTokenShort ? 1 : 0, isTokenShort }
  }
  // What is good but grants too little is no wrong credential: it would have had to be part of a requirement that is met.
  const isWrong = [...declared].some((name) => !['missing', 'valid', 'weak'].includes(given[name]))
  const isNobody = anyOf.some((all) => all.length === 0) && !isWrong
  return isNobody ? { status: 200, ...plain } : { status: 401, challenges: declared.size, isTokenShort: false }
}

/** What is presented where only these schemes are looked at; of three, `wrong` says no more than `expired`. */
function presented(declared: ReadonlySet<Scheme>): Given[] {
  const used = declared.size > 2 ? states.filter((state) => state !== 'wrong') : states
  return schemes.reduce<Given[]>(
    (before, name) =>
      before.flatMap((given) =>
        (declared.has(name) ? used : ['missing' as const]).map((state) => ({ ...given, [name]: state })),
      ),
    [{} as Given],
  )
}

function faultOf(
  declared: ReadonlySet<Scheme>,
  wanted: Wanted,
  answer: Received,
  arrived: RecordedRequest | undefined,
) {
  const challenges = valuesOf(answer.rawHeaders, 'www-authenticate')
  const fields = arrived?.rawHeaders ?? []
  const told = valuesOf(fields, 'x-consumer')[0]
  const leaks = [
    declared.has('header') && valuesOf(fields, 'x-key').length > 0,
    declared.has('token') && valuesOf(fields, 'authorization').length > 0,
    declared.has('cookie') && valuesOf(fields, 'cookie').join().includes('key='),
  ]
  const isRight =
    answer.status === wanted.status &&
    told === wanted.consumer &&
    (arrived !== undefined) === (wanted.status === 200) &&
    (arrived === undefined || valuesOf(fields, 'cookie').join().includes('a=1')) &&
    challenges.length === wanted.challenges &&
    challenges.join().includes('insufficient_scope') === wanted.isTokenShort &&
    !leaks.includes(true)
  return isRight ? undefined : `${answer.status} ${told} ${challenges} leaks ${leaks}; wanted ${JSON.stringify(wanted)}`
}

test('every requirement, against every combination of credentials', { timeout: 120_000 }, async () => {
  const faults: string[] = []
  let count = 0
  for (const [index, anyOf] of requirements.entries()) {
    const declared = new Set(anyOf.flat())
    const combinations = presented(declared)
    upstream.take()
    const answers = await Promise.all(combinations.map((given, number) => ask(index, number, given)))
    const arrivals = new Map(upstream.take().map((one) => [valuesOf(one.rawHeaders, 'x-number')[0], one]))
    for (const [number, given] of combinations.entries()) {
      count++
      const fault = faultOf(declared, expected(anyOf, given), answers[number]!, arrivals.get(String(number)))
      if (fault !== undefined) faults.push(`${JSON.stringify(anyOf)} ${JSON.stringify(given)}: ${fault}`)
    }
  }
  expect(faults.slice(0, 20)).toEqual([])
  expect(count).toBeGreaterThan(4_000)
})
