import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { stringify } from 'yaml'
import { Authority, type Pair } from './support/certificates.ts'
import { compileService } from './support/compile-service.ts'
import { ask, openHttp2 } from './support/http2-client.ts'
import { send, valuesOf } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** TLS on both sides of an emitted service, over real sockets, with certificates of this run. */

const folder = tempFolder('tls')
const responses = { 200: { description: 'ok' } }
let ca: Authority
let other: Authority
let client: Pair
let service: RunningService
let upstream: Http2SecureServer
let bundle: string
/** What the upstream has seen last. */
let seen: { version: string; client: string; servername: unknown; url: string } | undefined

const write = (name: string, text: string): void => writeFileSync(join(folder.path, name), text)
const pair = (name: string, { cert, key }: Pair): void => {
  write(`${name}.pem`, cert)
  write(`${name}.key`, key)
}
const until = async (holds: () => boolean | Promise<boolean>): Promise<boolean> => {
  for (let i = 0; i < 600; i++) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return false
}
const tlsTo = (url: string, options: object): Promise<TLSSocket> => {
  const { port } = new URL(url)
  return new Promise((resolve, fail) => {
    const socket = connect(
      { port: Number(port), host: '127.0.0.1', servername: 'localhost', ca: ca.cert, ...options },
      () => resolve(socket),
    )
    socket.once('error', fail)
  })
}
const servedSerial = async (): Promise<string> => {
  const socket = await tlsTo(service.url, {})
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber
}
const serial = ({ cert }: Pair): string => new X509Certificate(cert).serialNumber
const errorLog = (text: string): boolean => service.log.some(({ msg }) => String(msg).includes(text))

const document = {
  openapi: '3.1.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://upstream.invalid/v1' }],
  'x-proxy': {
    server: { tls: { cert: './server.pem', key: './server.key', clientCa: './ca.pem' } },
    upstreams: {
      default: {
        tls: { ca: './other.pem', cert: './service.pem', key: './service.key', serverName: 'orders.internal' },
        connection: { http2: 'auto' },
      },
    },
    identityHeaders: { 'X-Consumer': 'consumer.id' },
  },
  paths: {
    '/orders': {
      get: { responses },
      post: { requestBody: { content: { 'text/plain': { schema: { type: 'string' } } } }, responses },
    },
    '/talk': { get: { responses: { 101: { description: 'open' } }, 'x-proxy': { websocket: true } } },
    '/mine': { get: { security: [{ partner: [] }], responses } },
  },
  components: {
    securitySchemes: { partner: { type: 'mutualTLS', 'x-proxy': { mtls: { consumerFrom: 'fingerprint' } } } },
  },
}

beforeAll(async () => {
  ca = await Authority.create('CN=Own CA')
  other = await Authority.create('CN=Upstream CA')
  client = await ca.issue({ uri: ['spiffe://partner.example'] })
  write('ca.pem', ca.cert)
  write('other.pem', other.cert)
  pair('server', await ca.issue())
  pair('service', await other.issue({ subject: 'CN=the service', dns: ['service.internal'] }))
  const own = await other.issue({ dns: ['orders.internal'] })
  upstream = createSecureServer({
    ...own,
    allowHTTP1: true,
    ca: other.cert,
    requestCert: true,
    rejectUnauthorized: true,
  })
  upstream.on('request', (request, response) => {
    const socket = (request.stream?.session?.socket ?? request.socket) as TLSSocket
    const { subject } = socket.getPeerCertificate()
    seen = {
      version: request.httpVersion,
      client: String(subject.CN),
      servername: socket.servername,
      url: request.url!,
    }
    request.resume()
    request.on('end', () => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
      response.end('answered')
    })
  })
  const sockets = new WebSocketServer({ noServer: true })
  upstream.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (there) => {
      there.on('message', (data) => there.send(`heard ${String(data)}`))
    }),
  )
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  write('case.yaml', stringify(document))
  bundle = await compileService(folder.path, 'case.yaml')
  service = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstreamUrl() })
}, 60_000)

const upstreamUrl = (): string => `https://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`

afterAll(async () => {
  await service?.stop()
  upstream?.close()
  folder.remove()
})

describe('to clients', () => {
  test('HTTP/1.1 and HTTP/2, as they choose', async () => {
    const first = await send(service.url, { target: '/v1/orders', tls: { ca: ca.cert } })
    expect([first.status, first.body.toString()]).toEqual([200, 'answered'])
    const session = openHttp2(service.url, { ca: ca.cert })
    const second = await ask(session, { ':path': '/v1/orders' })
    session.close()
    expect([second.status, second.body.toString()]).toEqual([200, 'answered'])
    expect(valuesOf(second.fields, 'set-cookie')).toEqual(['a=1', 'b=2'])
  })

  test('a WebSocket, though the upstream speaks HTTP/2 when it is asked for anything else', async () => {
    expect((await send(service.url, { target: '/v1/orders', tls: { ca: ca.cert } })).status).toBe(200)
    expect(seen?.version).toBe('2.0')
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/v1/talk`, {
      ca: ca.cert,
    })
    await once(socket, 'open')
    socket.send('this')
    expect(String((await once(socket, 'message'))[0])).toBe('heard this')
    socket.close()
    await once(socket, 'close')
  })

  test('the protocols and suites are good ones', async () => {
    const modern = await tlsTo(service.url, { minVersion: 'TLSv1.3' })
    expect(modern.getProtocol()).toBe('TLSv1.3')
    modern.destroy()
    const older = await tlsTo(service.url, { maxVersion: 'TLSv1.2' })
    expect(older.getCipher().name).toMatch(/^ECDHE-.*(GCM|POLY1305)/)
    older.destroy()
    const refused = [
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' },
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' },
      { ALPNProtocols: ['spdy/3'] },
    ]
    for (const options of refused) await expect(tlsTo(service.url, options), JSON.stringify(options)).rejects.toThrow()
  })

  test('a client is who its certificate says', async () => {
    const id = createHash('sha256').update(new X509Certificate(client.cert).raw).digest('hex')
    const session = openHttp2(service.url, { ca: ca.cert, ...client })
    expect((await ask(session, { ':path': '/v1/mine' })).status).toBe(200)
    session.close()
    expect(await until(() => service.log.some(({ consumer }) => consumer === id))).toBe(true)
    expect((await send(service.url, { target: '/v1/mine', tls: { ca: ca.cert } })).status).toBe(401)
    const stranger = await other.issue({ dns: ['partner.example'] })
    expect((await send(service.url, { target: '/v1/mine', tls: { ca: ca.cert, ...stranger } })).status).toBe(401)
  })

  test('new certificates are taken over, broken ones are not, and connections stay', async () => {
    const before = serial({ cert: readFileSync(join(folder.path, 'server.pem'), 'utf8'), key: '' })
    expect(await servedSerial()).toBe(before)
    const kept = openHttp2(service.url, { ca: ca.cert })
    expect((await ask(kept, { ':path': '/v1/orders' })).status).toBe(200)

    const next = await ca.issue()
    pair('server', next)
    expect(await until(async () => (await servedSerial()) === serial(next))).toBe(true)

    write('server.pem', (await ca.issue()).cert)
    expect(await until(() => errorLog('does not belong to'))).toBe(true)
    expect(await servedSerial()).toBe(serial(next))
    expect((await ask(kept, { ':path': '/v1/orders' })).status).toBe(200)
    kept.close()

    const last = await ca.issue()
    pair('server', last)
    expect(await until(async () => (await servedSerial()) === serial(last))).toBe(true)
  }, 60_000)

  test('is counted', async () => {
    await expect(
      tlsTo(service.url, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' }),
    ).rejects.toThrow()
    const page = (await send(service.adminUrl, { target: '/metrics' })).body.toString()
    expect(page).toMatch(/^tls_certificate_expiry_timestamp_seconds \d{10}$/m)
    expect(page).toMatch(/^tls_handshake_failures_total\{reason="version"\} [1-9]/m)
    expect(page).toMatch(/^tls_connections_total\{version="TLSv1.3",protocol="h2"\} [1-9]/m)
    expect(page).toMatch(/^tls_certificate_reloads_total\{outcome="failed"\} [1-9]/m)
  })
})

describe('to upstreams', () => {
  test('own authority, server name, client certificate and HTTP/2', async () => {
    const answer = await send(service.url, {
      method: 'POST',
      target: '/v1/orders',
      headers: { 'content-type': 'text/plain' },
      body: 'x',
      tls: { ca: ca.cert },
    })
    expect([answer.status, answer.body.toString()]).toEqual([200, 'answered'])
    expect(valuesOf(answer.rawHeaders, 'set-cookie')).toEqual(['a=1', 'b=2'])
    expect(seen).toEqual({ version: '2.0', client: 'the service', servername: 'orders.internal', url: '/v1/orders' })
  })

  test('a new client certificate is shown without a restart', async () => {
    pair('service', await other.issue({ subject: 'CN=the service anew', dns: ['service.internal'] }))
    const shown = await until(async () => {
      await send(service.url, { target: '/v1/orders', tls: { ca: ca.cert } })
      return seen?.client === 'the service anew'
    })
    expect(shown).toBe(true)
  })

  test('an upstream nobody vouches for is not asked', async () => {
    const wrong = await startService(bundle, {
      UPSTREAM_DEFAULT_URL: upstreamUrl(),
      UPSTREAM_DEFAULT_CA: join(folder.path, 'ca.pem'),
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    })
    seen = undefined
    try {
      expect((await send(wrong.url, { target: '/v1/orders', tls: { ca: ca.cert } })).status).toBe(502)
      expect(seen).toBeUndefined()
    } finally {
      await wrong.stop()
    }
  })
})

test('a service that stops under load answers what it has accepted', async () => {
  const leaving = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstreamUrl() })
  const sessions = Array.from({ length: 4 }, () => openHttp2(leaving.url, { ca: ca.cert }))
  const ended: string[] = []
  const asking = sessions.flatMap((session) =>
    Array.from({ length: 10 }, async () => {
      while (!session.closed && !session.destroyed) {
        const { status, reset, body } = await ask(session, { ':path': '/v1/orders' })
        ended.push(status === 200 && body.toString() === 'answered' ? 'answered' : `${status} reset ${reset}`)
      }
    }),
  )
  expect(await until(() => ended.length > 200)).toBe(true)
  const code = await leaving.stop()
  await Promise.all(asking)
  expect(code).toBe(0)
  // What came after GOAWAY was not accepted: its client knows that it may ask somebody else (REFUSED_STREAM).
  const lost = ended.filter((one) => one !== 'answered' && one !== '0 reset 7')
  expect(lost).toEqual([])
}, 60_000)

test('several processes show one certificate, take a new one over, and drain as one', async () => {
  const several = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstreamUrl(), WORKERS: '2' })
  const shown = async (): Promise<Set<string>> => {
    const found = new Set<string>()
    for (let i = 0; i < 12; i++) {
      const socket = await tlsTo(several.url, {})
      found.add(socket.getPeerCertificate().serialNumber)
      socket.destroy()
    }
    return found
  }
  try {
    expect((await shown()).size).toBe(1)
    const session = openHttp2(several.url, { ca: ca.cert })
    expect((await ask(session, { ':path': '/v1/orders' })).status).toBe(200)
    session.close()
    const next = await ca.issue()
    pair('server', next)
    expect(await until(async () => [...(await shown())].join() === serial(next))).toBe(true)
    const page = (await send(several.adminUrl, { target: '/metrics' })).body.toString()
    expect(page).toMatch(/^tls_certificate_expiry_timestamp_seconds \d{10}$/m)
  } finally {
    expect(await several.stop()).toBe(0)
  }
}, 60_000)

test('what cannot be used is said before anything listens', async () => {
  pair('ended', await ca.issue({ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }))
  const start = (env: Record<string, string>): Promise<RunningService> =>
    startService(bundle, { UPSTREAM_DEFAULT_URL: upstreamUrl(), ...env })
  const at = (name: string): string => join(folder.path, name)
  await expect(start({ TLS_CERT: at('gone.pem'), UPSTREAM_DEFAULT_KEY: at('server.key') })).rejects.toThrow(
    /does not belong to the certificate[\s\S]*there is no file .*gone\.pem/,
  )
  await expect(start({ TLS_CERT: at('ended.pem'), TLS_KEY: at('ended.key') })).rejects.toThrow(/expired on 2021-01-01/)
})

test('certificates may be demanded, of TLS 1.3 only, and are shown anew each time', async () => {
  const demanding = {
    ...document,
    'x-proxy': {
      server: {
        tls: {
          cert: './server.pem',
          key: './server.key',
          clientCa: './ca.pem',
          clientAuth: 'require',
          minVersion: 1.3,
        },
      },
      upstreams: { default: { tls: { verify: false } } },
    },
  }
  write('strict.yaml', stringify(demanding))
  const strict = await startService(await compileService(folder.path, 'strict.yaml'), {
    UPSTREAM_DEFAULT_URL: upstreamUrl(),
  })
  try {
    expect(strict.log.some(({ msg }) => String(msg).includes('nobody checks who answers for upstream default'))).toBe(
      true,
    )
    const asked = (tls: object) => send(strict.url, { target: '/v1/mine', tls: { ca: ca.cert, ...tls } })
    // The upstream wants a certificate too, and is shown none.
    expect((await asked(client)).status).toBe(502)
    await expect(asked({})).rejects.toThrow()
    await expect(asked(await other.issue({ uri: ['spiffe://partner.example'] }))).rejects.toThrow()
    await expect(tlsTo(strict.url, { ...client, maxVersion: 'TLSv1.2' })).rejects.toThrow()

    const first = await tlsTo(strict.url, client)
    let session: Buffer | undefined
    first.on('session', (given: Buffer) => {
      session = given
    })
    first.write('GET /nope HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    first.resume()
    await new Promise((resolve) => first.once('close', resolve))
    const second = await tlsTo(strict.url, { ...client, ...(session === undefined ? {} : { session }) })
    expect(second.isSessionReused()).toBe(false)
    second.destroy()
  } finally {
    await strict.stop()
  }
}, 60_000)

test('a service without TLS carries none of it', async () => {
  const plain = { ...document, 'x-proxy': {}, components: {}, paths: { '/orders': document.paths['/orders'] } }
  write('plain.yaml', stringify(plain))
  const without = readFileSync(await compileService(folder.path, 'plain.yaml'), 'utf8')
  const parts = /performServerHandshake|checkPrivateKey|GOAWAY/
  expect(readFileSync(bundle, 'utf8')).toMatch(parts)
  expect(parts.exec(without)?.[0]).toBeUndefined()
})
