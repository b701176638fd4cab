import { createHmac, createPublicKey, sign as cryptoSign, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { type Issuer, seconds, signed, signingKey, startIssuer } from './support/issuer.ts'
import { rawClient } from './support/raw-client.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { type Received, send, valuesOf } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Tokens and the attacks on them (RFC 8725, 7515, 7519, 6750), against a running service and a real issuer. */

const folder = tempFolder('jwt')
let issuer: Issuer
let upstream: RecordingUpstream
let service: RunningService
let bundle: string

const get = (headers: Record<string, string | string[]>, target = '/orders', url = service.url): Promise<Received> =>
  send(url, { target, headers })
const bearer = (token: string, target?: string): Promise<Received> => get({ Authorization: `Bearer ${token}` }, target)
const challengeOf = (answer: Received): string => valuesOf(answer.rawHeaders, 'www-authenticate').join(' | ')
const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 20))
}

function documentFor(url: string): object {
  const responses = { 200: { description: 'ok' } }
  return {
    openapi: '3.1.1',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    security: [{ oidc: [] }],
    paths: {
      '/orders': { get: { responses } },
      '/write': { get: { security: [{ oidc: ['orders.write', 'orders.read'] }], responses } },
    },
    components: {
      securitySchemes: {
        oidc: {
          type: 'openIdConnect',
          openIdConnectUrl: `${url}/.well-known/openid-configuration`,
          'x-proxy': { jwt: { issuer: url, audience: 'orders' } },
        },
      },
    },
  }
}

beforeAll(async () => {
  issuer = await startIssuer()
  upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
  mkdirSync(folder.path, { recursive: true })
  writeFileSync(join(folder.path, 'case.yaml'), stringify(documentFor(issuer.url)))
  bundle = await compileService(folder.path, 'case.yaml')
  service = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url })
})

afterAll(async () => {
  await service?.stop()
  await upstream?.close()
  await issuer?.close()
  folder.remove()
})

const header = (): Record<string, unknown> => ({ alg: 'ES256', kid: issuer.keys.at(-1)!.kid, typ: 'at+jwt' })
const claims = (more: object = {}): Record<string, unknown> => ({
  iss: issuer.url,
  aud: 'orders',
  sub: 'ada',
  exp: seconds(600),
  iat: seconds(),
  ...more,
})
/** Header and claims as given, signed by the issuer's own key whatever they say. */
function signedRaw(headerText: string, claimsText: string): string {
  const input = `${headerText}.${claimsText}`
  const key = { key: issuer.keys.at(-1)!.privateKey as never, dsaEncoding: 'ieee-p1363' as const }
  return `${input}.${cryptoSign('sha256', Buffer.from(input), key as never).toString('base64url')}`
}
const changed = (token: string, index: number, change: (text: string) => string): string =>
  token
    .split('.')
    .map((text, at) => (at === index ? change(text) : text))
    .join('.')

describe('tokens that are good', () => {
  test.each<[string, () => Promise<string>]>([
    ['at+jwt', () => issuer.token()],
    ['JWT', () => issuer.token({}, { typ: 'JWT' })],
    ['application/at+jwt', () => issuer.token({}, { typ: 'application/at+jwt' })],
    ['no typ', () => signed(claims(), issuer.keys.at(-1)!, { typ: undefined as never })],
    ['several audiences', () => issuer.token({ aud: ['other', 'orders'] })],
    ['no kid where one key fits', () => issuer.token({}, { kid: undefined as never })],
    ['ended within the skew', () => issuer.token({ exp: seconds(-5) })],
    ['begins within the skew', () => issuer.token({ nbf: seconds(20), iat: seconds(20) })],
    ['a fraction of a second', () => issuer.token({ exp: seconds(60) + 0.5 })],
    ['unknown claims and fields', () => issuer.token({ x: { y: [1] } }, { x: 1 } as never)],
  ])('%s', async (_, make) => {
    const answer = await bearer(await make())
    expect(`${answer.status} ${challengeOf(answer)} ${answer.body}`).toBe('200  {}')
    const [arrived] = upstream.take()
    expect(valuesOf(arrived!.rawHeaders, 'authorization')).toEqual([])
  })

  test('the scheme in any case', async () => {
    const token = await issuer.token()
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
      expect((await get({ Authorization: `${scheme} ${token}` })).status).toBe(200)
    }
  })

  test('scopes: scope, scp as a list, and too few', async () => {
    for (const grant of [
      { scope: 'orders.read orders.write' },
      { scp: ['orders.write', 'orders.read'] },
      { scp: 'orders.read orders.write' },
    ]) {
      expect((await bearer(await issuer.token(grant), '/write')).status).toBe(200)
    }
    const answer = await bearer(await issuer.token({ scope: 'orders.read' }), '/write')
    expect(answer.status).toBe(403)
    expect(challengeOf(answer)).toBe(
      'Bearer realm="Orders", error="insufficient_scope", error_description="The access token grants too little", scope="orders.write orders.read"',
    )
  })
})

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const attacks: [string, () => string | Promise<string>][] = [
  ['alg none', () => `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`],
  ...['None', 'NONE', 'nOnE', ''].map((alg): [string, () => string] => [
    `alg ${alg}, with a signature`,
    () => `${part({ alg, typ: 'at+jwt' })}.${part(claims())}.AAAA`,
  ]),
  ['no signature', async () => changed(await issuer.token(), 2, () => '')],
  ['no third part', async () => (await issuer.token()).split('.').slice(0, 2).join('.')],
  ['a fourth part', async () => `${await issuer.token()}.AAAA`],
  ['five parts (JWE)', async () => `${await issuer.token()}.AAAA.AAAA`],
  [
    'HMAC with the public key as PEM',
    () => {
      const pem = createPublicKey({ key: issuer.keys.at(-1)!.jwk as never, format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      })
      const input = `${part({ ...header(), alg: 'HS256' })}.${part(claims())}`
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
    },
  ],
  [
    'HMAC with the public key as JWK',
    () => {
      const input = `${part({ ...header(), alg: 'HS256' })}.${part(claims())}`
      return `${input}.${createHmac('sha256', JSON.stringify(issuer.keys.at(-1)!.jwk))
        .update(input)
        .digest('base64url')}`
    },
  ],
  [
    'HMAC with an empty key',
    () => {
      const input = `${part({ ...header(), alg: 'HS256' })}.${part(claims())}`
      return `${input}.${createHmac('sha256', '').update(input).digest('base64url')}`
    },
  ],
  [
    'ECDSA of zeros (psychic signature)',
    () => `${part(header())}.${part(claims())}.${Buffer.alloc(64).toString('base64url')}`,
  ],
  [
    'ECDSA in DER',
    () => {
      const input = `${part(header())}.${part(claims())}`
      return `${input}.${cryptoSign('sha256', Buffer.from(input), issuer.keys.at(-1)!.privateKey as never).toString('base64url')}`
    },
  ],
  [
    'a key inside the token (jwk)',
    async () => {
      const key = await signingKey()
      return issuer.token({}, { jwk: key.jwk, kid: issuer.keys.at(-1)!.kid } as never, key)
    },
  ],
  ['an address of keys (jku)', async () => issuer.token({}, { jku: `${issuer.url}/evil` }, await signingKey())],
  [
    'certificates (x5u, x5c)',
    async () => issuer.token({}, { x5u: `${issuer.url}/evil`, x5c: ['AAAA'] } as never, await signingKey()),
  ],
  [
    'a foreign key under a known name',
    async () => issuer.token({}, { kid: issuer.keys.at(-1)!.kid }, await signingKey()),
  ],
  ['an unknown kid', async () => issuer.token({}, {}, await signingKey())],
  ['a kid that walks', async () => issuer.token({}, { kid: '../../../../dev/null' }, await signingKey())],
  ['a kid that injects', async () => issuer.token({}, { kid: "x' UNION SELECT 'key'; --" }, await signingKey())],
  ['a kid that is a number', () => signedRaw(part({ ...header(), kid: 1 }), part(claims()))],
  ['a kid that is __proto__', async () => issuer.token({}, { kid: '__proto__' })],
  ['crit with what nobody knows', () => signedRaw(part({ ...header(), crit: ['x'], x: 1 }), part(claims()))],
  ['crit that is empty', () => signedRaw(part({ ...header(), crit: [] }), part(claims()))],
  ['crit with b64', () => signedRaw(part({ ...header(), crit: ['b64'], b64: false }), part(claims()))],
  ['b64 false', () => signedRaw(part({ ...header(), b64: false }), part(claims()))],
  ['another algorithm of the same key', () => signedRaw(part({ ...header(), alg: 'ES384' }), part(claims()))],
  [
    'RSA in the place of ECDSA',
    () => {
      const input = `${part({ ...header(), alg: 'RS256' })}.${part(claims())}`
      return `${input}.${cryptoSign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`
    },
  ],
  [
    'alg twice',
    () => signedRaw(part(`{"alg":"none","alg":"ES256","kid":"${issuer.keys.at(-1)!.kid}"}`), part(claims())),
  ],
  [
    'alg twice, once in other letters',
    () => signedRaw(part(`{"alg":"ES256","\\u0061lg":"none","kid":"${issuer.keys.at(-1)!.kid}"}`), part(claims())),
  ],
  ['alg in small letters', () => signedRaw(part({ ...header(), alg: 'es256' }), part(claims()))],
  ['alg with a space', () => signedRaw(part({ ...header(), alg: 'ES256 ' }), part(claims()))],
  ['alg that is a list', () => signedRaw(part({ ...header(), alg: ['ES256'] }), part(claims()))],
  ['a token inside a token', async () => signedRaw(part({ ...header(), cty: 'JWT' }), part(await issuer.token()))],
  [
    'aud twice, once in other letters',
    () =>
      signedRaw(part(header()), part(`{"\\u0061ud":"orders",${JSON.stringify(claims({ aud: 'billing' })).slice(1)}`)),
  ],
  ['a claim of Object', () => signedRaw(part(header()), part(`{"__proto__":${JSON.stringify(claims())}}`))],
  ['a beginning that is null', () => issuer.token({ nbf: null })],
  ['sub twice', () => signedRaw(part(header()), part(`{"sub":"root",${JSON.stringify(claims()).slice(1)}`))],
  ['aud twice', () => signedRaw(part(header()), part(`${JSON.stringify(claims()).slice(0, -1)},"aud":"orders"}`))],
  ['claims that are a list', () => signedRaw(part(header()), part([claims()]))],
  ['claims that are text', () => signedRaw(part(header()), part('"x"'))],
  ['claims that are no JSON', () => signedRaw(part(header()), part('{"iss":'))],
  ['a byte order mark', () => signedRaw(part(header()), part(`\ufeff${JSON.stringify(claims())}`))],
  [
    'bytes that are no UTF-8',
    () => signedRaw(part(header()), Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')),
  ],
  [
    'a header that nests deep',
    () => signedRaw(part(`{"alg":"ES256","x":${'['.repeat(500)}${']'.repeat(500)}}`), part(claims())),
  ],
  ['a changed claim', async () => changed(await issuer.token(), 1, () => part(claims({ sub: 'root' })))],
  ['a changed header', async () => changed(await issuer.token(), 0, () => part({ ...header(), x: 1 }))],
  [
    'a signature of another token',
    async () =>
      changed(await issuer.token(), 2, () => signedRaw(part(header()), part(claims({ sub: 'eve' }))).split('.')[2]!),
  ],
  ['a signature cut short', async () => changed(await issuer.token(), 2, (text) => text.slice(0, -4))],
  ['a signature that is longer', async () => changed(await issuer.token(), 2, (text) => `${text}AAAA`)],
  [
    'stray bits at the end',
    async () =>
      changed(await issuer.token(), 2, (text) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) | 1]
      }),
  ],
  [
    'base64 instead of base64url',
    async () =>
      changed(await issuer.token(), 1, () =>
        Buffer.from(JSON.stringify(claims({ x: '>>>???~~~' })))
          .toString('base64')
          .replace(/=+$/, ''),
      ),
  ],
  ['ended', () => issuer.token({ exp: seconds(-31) })],
  ['ended long ago', () => issuer.token({ exp: 1 })],
  ['no end', () => issuer.token({ exp: undefined })],
  ['an end that is text', () => issuer.token({ exp: String(seconds(600)) })],
  ['an end that is null', () => issuer.token({ exp: null })],
  ['an end that is a list', () => issuer.token({ exp: [seconds(600)] })],
  [
    'an end beyond all time',
    () => signedRaw(part(header()), part(JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e400'))),
  ],
  ['an end before all time', () => issuer.token({ exp: -1 })],
  ['not yet begun', () => issuer.token({ nbf: seconds(60) })],
  ['a beginning that is text', () => issuer.token({ nbf: '0' })],
  ['made in the future', () => issuer.token({ iat: seconds(60) })],
  ['another issuer', () => issuer.token({ iss: 'https://evil.example' })],
  ['an issuer with a slash more', () => issuer.token({ iss: `${issuer.url}/` })],
  ['an issuer in another case', () => issuer.token({ iss: issuer.url.toUpperCase() })],
  ['an issuer that is a list', () => issuer.token({ iss: [issuer.url] })],
  ['no issuer', () => issuer.token({ iss: undefined })],
  ['another audience', () => issuer.token({ aud: 'billing' })],
  ['an audience that begins alike', () => issuer.token({ aud: 'orders-admin' })],
  ['an audience in another case', () => issuer.token({ aud: 'Orders' })],
  ['no audience', () => issuer.token({ aud: undefined })],
  ['an empty list of audiences', () => issuer.token({ aud: [] })],
  ['audiences that are no text', () => issuer.token({ aud: ['orders', 1] })],
  ['an audience that is an object', () => issuer.token({ aud: { orders: 1 } })],
  ['nobody', () => issuer.token({ sub: undefined, client_id: undefined })],
  ['a subject that is a number', () => issuer.token({ sub: 1 })],
  ['a subject that is an object', () => issuer.token({ sub: { toString: 'x' } })],
  ['a logout token', () => issuer.token({}, { typ: 'logout+jwt' })],
  ['a DPoP proof', () => issuer.token({}, { typ: 'dpop+jwt' })],
  ['a typ that is a list', () => signedRaw(part({ ...header(), typ: ['at+jwt'] }), part(claims()))],
  ['bound to a certificate', () => issuer.token({ cnf: { 'x5t#S256': 'AAAA' } })],
  ['bound to a key (DPoP)', () => issuer.token({ cnf: { jkt: 'AAAA' } })],
  ['too long', () => issuer.token({ x: 'x'.repeat(9000) })],
]

describe('attacks: 401 invalid_token, and nothing reaches the upstream', () => {
  test.each(attacks)('%s', async (_, make) => {
    upstream.take()
    const answer = await bearer(await make())
    expect(answer.status, answer.body.toString()).toBe(401)
    expect(challengeOf(answer)).toMatch(/^Bearer realm="Orders", error="invalid_token", error_description="[^"]+"$/)
    expect(upstream.take()).toEqual([])
  })
})

test('nothing that a token names is asked for', () => {
  expect(issuer.asked.filter((path) => path.includes('evil'))).toEqual([])
})

describe('the request itself (RFC 6750 §3.1)', () => {
  const required = 'Bearer realm="Orders"'
  test.each<[string, Record<string, string | string[]>]>([
    ['nothing', {}],
    ['another scheme', { Authorization: 'Basic YTpi' }],
    ['a scheme that begins alike', { Authorization: 'Bearers abc' }],
    ['another field', { 'X-Authorization': 'Bearer abc' }],
  ])('%s: 401 without an error code', async (_, headers) => {
    const answer = await get(headers)
    expect([answer.status, challengeOf(answer)]).toEqual([401, required])
  })

  test('a scope is named where the operation asks for one', async () => {
    expect(challengeOf(await get({}, '/write'))).toBe(`${required}, scope="orders.write orders.read"`)
  })

  test.each<[string, string | string[]]>([
    ['no token', 'Bearer'],
    ['two words', 'Bearer abc def'],
    ['characters that no token has', 'Bearer a{b}'],
    ['quotes', 'Bearer "abc"'],
    ['a list', 'Bearer abc, Bearer def'],
    ['padding first', 'Bearer =abc'],
    ['a tab', 'Bearer\tabc'],
    ['two fields', ['Bearer abc', 'Bearer abc']],
    ['two fields of two schemes', ['Bearer abc', 'Basic YTpi']],
  ])('%s: 400 invalid_request', async (_, value) => {
    const answer = await get({ Authorization: value })
    expect(answer.status).toBe(400)
    expect(challengeOf(answer)).toMatch(/^Bearer realm="Orders", error="invalid_request"/)
  })

  test('a good token twice, also in the query: 400', async () => {
    const token = await issuer.token()
    expect((await get({ Authorization: [`Bearer ${token}`, `Bearer ${token}`] })).status).toBe(400)
    expect((await bearer(token, `/orders?access_token=${token}`)).status).toBe(400)
    expect((await bearer(token, `/orders?access%5Ftoken=${token}`)).status).toBe(400)
  })

  test('a token in the query alone counts as none', async () => {
    const answer = await get({}, `/orders?access_token=${await issuer.token()}`)
    expect([answer.status, challengeOf(answer)]).toEqual([401, required])
  })

  test('padding of a JWT is no JWT', async () => {
    expect((await bearer(`${await issuer.token()}=`)).status).toBe(401)
  })

  test('bytes of all kinds neither pass nor crash', async () => {
    const token = await issuer.token()
    upstream.take()
    for (let seed = 1; seed < 300; seed++) {
      const at = (seed * 7919) % token.length
      const byte = String.fromCharCode(0x21 + ((seed * 104729) % 94))
      if (token[at] === byte) continue
      const { status } = await bearer(token.slice(0, at) + byte + token.slice(at + 1))
      expect([400, 401], `${status} with ${byte} at ${at}`).toContain(status)
    }
    const client = await rawClient(service.url)
    client.send(`GET /orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\x80\r\nConnection: close\r\n\r\n`)
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /)
    client.socket.destroy()
    expect(upstream.take()).toEqual([])
    expect((await bearer(token)).status).toBe(200)
  })
})

describe('keys come and go', () => {
  test('a new key counts at once; one that is withdrawn ends what it verified, also what is remembered', async () => {
    const local = await startIssuer()
    const place = tempFolder('jwt-rotation')
    writeFileSync(join(place.path, 'case.yaml'), stringify(documentFor(local.url)))
    const other = await startService(await compileService(place.path, 'case.yaml'), {
      UPSTREAM_DEFAULT_URL: upstream.url,
    })
    const ask = async (token: string): Promise<number> =>
      (await get({ Authorization: `Bearer ${token}` }, '/orders', other.url)).status
    try {
      const before = await local.token()
      expect(await ask(before)).toBe(200)
      await local.rotate(true)
      expect(await ask(await local.token())).toBe(200)
      expect(await ask(before)).toBe(200)
      await local.rotate(false)
      expect(await ask(await local.token())).toBe(200)
      expect(await ask(before)).toBe(401)

      const asked = local.asked.filter((path) => path === '/jwks').length
      const stranger = await signingKey()
      for (let i = 0; i < 30; i++) {
        expect(await ask(await local.token({}, { kid: `invented-${i}` }, stranger))).toBe(401)
      }
      expect(local.asked.filter((path) => path === '/jwks').length - asked).toBeLessThan(4)

      local.failsWith = 500
      expect(await ask(await local.token())).toBe(200)
    } finally {
      await other.stop()
      await local.close()
      place.remove()
    }
  })

  test('a service starts without its issuer, says 503 to tokens until it is there, and is ready', async () => {
    issuer.failsWith = 500
    const other = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url })
    try {
      const token = await issuer.token()
      const early = await get({ Authorization: `Bearer ${token}` }, '/orders', other.url)
      expect(early.status).toBe(503)
      expect(Number(valuesOf(early.rawHeaders, 'retry-after')[0])).toBeGreaterThan(0)
      expect((await get({}, '/orders', other.url)).status).toBe(401)
      expect((await send(other.adminUrl, { target: '/health/ready' })).status).toBe(200)
      issuer.failsWith = undefined
      await until(() => other.log.some(({ msg }) => String(msg).includes('were had again')))
      expect((await get({ Authorization: `Bearer ${token}` }, '/orders', other.url)).status).toBe(200)
    } finally {
      issuer.failsWith = undefined
      await other.stop()
    }
  })

  test('metadata that speak for another issuer are not believed', async () => {
    issuer.metadata = { issuer: 'https://evil.example' }
    const other = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url })
    try {
      const answer = await get({ Authorization: `Bearer ${await issuer.token()}` }, '/orders', other.url)
      expect(answer.status).toBe(503)
    } finally {
      issuer.metadata = {}
      await other.stop()
    }
  })
})
