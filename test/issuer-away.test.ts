import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { startIssuer } from './support/issuer.ts'
import { recordingUpstream } from './support/recording-upstream.ts'
import { send, valuesOf } from './support/send.ts'
import { startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

test('an issuer that is away keeps nobody out whom another requirement admits, and lets nobody in', async () => {
  const folder = tempFolder('issuer-away')
  const issuer = await startIssuer()
  issuer.failsWith = 500
  const upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
  const responses = { 200: { description: 'ok' } }
  const operation = (security: object[]) => ({ get: { security, responses } })
  const document = {
    openapi: '3.1.1',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    'x-proxy': { identityHeaders: { 'X-Consumer': 'consumer.id' } },
    paths: {
      '/either': operation([{ bearer: [] }, { key: [] }]),
      '/opaque': operation([{ opaque: [] }, { key: [] }]),
      '/both': operation([{ bearer: [], key: [] }]),
      '/open': operation([{ bearer: [] }, {}]),
    },
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': { apiKey: {} } },
        bearer: { type: 'http', scheme: 'bearer', 'x-proxy': { jwt: { issuer: issuer.url, audience: 'orders' } } },
        opaque: {
          type: 'oauth2',
          flows: {},
          'x-proxy': {
            introspection: { endpoint: `${issuer.url}/introspect`, clientId: 'c', clientSecret: '${env:SECRET}' },
          },
        },
      },
    },
  }
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  writeFileSync(
    join(folder.path, 'case.consumers.yaml'),
    stringify({ consumers: { acme: { keys: [{ sha256: hash('sha256', 'good') }] } } }),
  )
  const bundle = await compileService(folder.path, 'case.yaml')
  const service = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url, SECRET: 's' })
  const token = { Authorization: `Bearer ${await issuer.token()}` }
  const ask = async (target: string, headers: Record<string, string>) => {
    upstream.take()
    const answer = await send(service.url, { target, headers })
    const [arrived] = upstream.take()
    const fields = arrived?.rawHeaders ?? []
    expect(valuesOf(fields, 'authorization')).toEqual([])
    if (answer.status === 503) expect(valuesOf(answer.rawHeaders, 'retry-after')).toHaveLength(1)
    return `${answer.status} ${valuesOf(fields, 'x-consumer').join()}`
  }
  try {
    for (const target of ['/either', '/opaque']) {
      expect(await ask(target, { ...token, 'X-Key': 'good' })).toBe('200 acme')
      expect(await ask(target, { 'X-Key': 'good' })).toBe('200 acme')
      // The token may be good: nobody can say that the caller is wrong.
      expect(await ask(target, { ...token, 'X-Key': 'wrong' })).toBe('503 ')
      expect(await ask(target, token)).toBe('503 ')
      expect(await ask(target, { 'X-Key': 'wrong' })).toBe('401 ')
      expect(await ask(target, {})).toBe('401 ')
    }
    expect(await ask('/both', { ...token, 'X-Key': 'good' })).toBe('503 ')
    // No word of the issuer could let it in.
    expect(await ask('/both', { ...token, 'X-Key': 'wrong' })).toBe('401 ')
    expect(await ask('/open', token)).toBe('503 ')
    expect(await ask('/open', {})).toBe('200 ')
    const page = (await send(service.adminUrl, { target: '/metrics' })).body.toString()
    expect(page).toMatch(/event="undecided"/)
  } finally {
    await service.stop()
    await upstream.close()
    await issuer.close()
    folder.remove()
  }
})
