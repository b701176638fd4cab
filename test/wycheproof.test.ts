import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { importJWK, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { seconds } from './support/issuer.ts'
import { recordingUpstream } from './support/recording-upstream.ts'
import { repository } from './support/repository.ts'
import { send } from './support/send.ts'
import { startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Google's vectors for JWS and JWK, outside of this repository, against a running service with their keys. */

const folder = join(repository, '../shared/conformance/jwt/wycheproof')
const present = existsSync(folder)
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

type Jwk = Readonly<Record<string, unknown>> & { readonly keys?: readonly Jwk[] }
interface Group {
  readonly comment: string
  readonly public?: Jwk
  readonly private: Jwk
  readonly tests: readonly { tcId: number; comment: string; jws?: unknown; result: string }[]
}

const groups = ['json_web_signature_test', 'json_web_key_test', 'json_web_crypto_test'].flatMap((name) =>
  present ? (JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { testGroups: Group[] }).testGroups : [],
)

/** What an issuer would publish: never a part of a private key, except where the vector is about that. */
function published({ public: given, private: secret }: Group): { keys: Jwk[] } {
  const keys = given === undefined ? (secret.keys ?? [secret]) : (given.keys ?? [given])
  return { keys: keys.map((key) => (given === undefined && key['kty'] !== 'oct' ? withoutSecrets(key) : key)) }
}

function withoutSecrets(key: Jwk): Jwk {
  const { d, p, q, dp, dq, qi, key_ops: operations, ...rest } = key
  return operations === undefined ? rest : { ...rest, key_ops: ['verify'] }
}

/** A token with good claims, signed with the group's own key where there is just one that can sign. */
async function goodToken({ private: secret }: Group): Promise<string | undefined> {
  const [key, ...more] = secret.keys ?? [secret]
  const alg = key?.['alg']
  if (key === undefined || more.length > 0 || typeof alg !== 'string' || !algorithms.includes(alg)) return undefined
  if (![undefined, 'sig'].includes(key['use'] as string | undefined) || typeof key['d'] !== 'string') return undefined
  const { key_ops: _, ...usable } = key
  try {
    return await new SignJWT({ iss: 'https://id.example', aud: 'orders', sub: 'ada', exp: seconds(600) })
      .setProtectedHeader({ alg, ...(typeof key['kid'] === 'string' ? { kid: key['kid'] } : {}) })
      .sign(await importJWK(usable as never, alg))
  } catch {
    return undefined // Broken keys, and such as are too short to be believed.
  }
}

test.skipIf(!present)(
  `no vector gets through a service with its key, and good tokens of the same keys do${present ? '' : ' (skipped: ../shared/conformance/jwt is missing)'}`,
  async () => {
    const place = tempFolder('wycheproof')
    const keys = createServer((request, response) => {
      response.end(JSON.stringify(published(groups[Number(request.url!.slice(1))]!)))
    })
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(keys.address() as AddressInfo).port}`
    const upstream = await recordingUpstream(() => ({ status: 200, body: '{}' }))
    const responses = { 200: { description: 'ok' } }
    const schemeOf = (index: number) => ({
      type: 'http',
      scheme: 'bearer',
      'x-proxy': {
        jwt: { issuer: 'https://id.example', audience: 'orders', jwksUri: `${origin}/${index}`, algorithms },
      },
    })
    const document = {
      openapi: '3.1.1',
      info: { title: 'Vectors', version: '1' },
      servers: [{ url: 'http://upstream.invalid' }],
      paths: Object.fromEntries(groups.map((_, i) => [`/${i}`, { get: { security: [{ [`g${i}`]: [] }], responses } }])),
      components: { securitySchemes: Object.fromEntries(groups.map((_, i) => [`g${i}`, schemeOf(i)])) },
    }
    writeFileSync(join(place.path, 'case.yaml'), stringify(document))
    const bundle = await compileService(place.path, 'case.yaml')
    const service = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url })
    const ask = async (index: number, token: string): Promise<number> =>
      (await send(service.url, { target: `/${index}`, headers: { Authorization: `Bearer ${token}` } })).status
    const wrong: string[] = []
    let [vectors, good] = [0, 0]
    try {
      for (const [index, group] of groups.entries()) {
        const token = await goodToken(group)
        if (token !== undefined) {
          // Keys that may never be believed (ROCA, an exponent of one) are not used, whatever they sign.
          const isSound = group.tests.some(({ result }) => result === 'valid')
          if (isSound) good++
          const status = await ask(index, token)
          if (status !== (isSound ? 200 : 503)) wrong.push(`${group.comment}: a good token is ${status}`)
        }
        upstream.take()
        for (const { jws, tcId, comment } of group.tests) {
          if (typeof jws !== 'string' || !/^[\x21-\x7e]*$/.test(jws)) continue
          vectors++
          const status = await ask(index, jws)
          if (![400, 401, 503].includes(status)) wrong.push(`${tcId} ${group.comment}/${comment}: ${status}`)
        }
        for (const { target } of upstream.take()) wrong.push(`${group.comment}: ${target} reached the upstream`)
      }
    } finally {
      await service.stop()
      await upstream.close()
      keys.close()
      place.remove()
    }
    expect(wrong).toEqual([])
    expect(vectors).toBeGreaterThan(400)
    expect(good).toBeGreaterThan(10)
  },
)
