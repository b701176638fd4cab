import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repository } from '../../test/support/repository.ts'
import { readCompact } from './compact-token.ts'
import { KeySet, type KeySource } from './key-set.ts'
import { verifySignature } from './verify-signature.ts'

/** Google's vectors for JWS and JWK, outside of this repository. */
const folder = join(repository, '../shared/conformance/jwt/wycheproof')
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

interface Group {
  readonly comment: string
  readonly public?: Jwk
  readonly private?: Jwk
  readonly tests: readonly { tcId: number; comment: string; jws?: string; result: string }[]
}
type Jwk = Readonly<Record<string, unknown>> & { readonly keys?: readonly Jwk[] }

/** Good by the vectors, and refused on purpose. */
function refusedOnPurpose(jws: string, key: Jwk): string | undefined {
  const keys = key.keys ?? [key]
  if (keys.some(({ kty }) => kty === 'oct')) return 'HMAC cannot be had'
  const [header = '', payload] = jws.split('.')
  if (payload === '') return 'without a payload there are no claims'
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Jwk
  return keys.some((one) => one['alg'] !== alg) ? 'the key is for another algorithm' : undefined
}

async function accepts(jws: string, key: Jwk): Promise<boolean> {
  let source: KeySource
  try {
    const set = KeySet.read({ keys: key.keys ?? [key] })
    source = { find: (kid, algorithm) => set.choose(kid, algorithm), holds: () => true }
  } catch {
    return false
  }
  const token = readCompact(jws)
  return token !== undefined && typeof (await verifySignature(token, source, algorithms)) !== 'string'
}

describe('Wycheproof', () => {
  const files = ['json_web_signature_test', 'json_web_key_test', 'json_web_crypto_test']
  const present = existsSync(folder)
  test.skipIf(!present).each(files)(
    `%s${present ? '' : ' (skipped: ../shared/conformance/jwt is missing)'}`,
    async (name) => {
      const { testGroups } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { testGroups: Group[] }
      const wrong: string[] = []
      let [accepted, refused] = [0, 0]
      for (const group of testGroups) {
        const key = (group.public ?? group.private)!
        for (const { jws, result, tcId, comment } of group.tests) {
          if (jws === undefined) continue
          const isAccepted = await accepts(jws, key)
          if (isAccepted) accepted++
          else refused++
          const expected = result === 'valid' && refusedOnPurpose(jws, key) === undefined
          if (isAccepted !== expected)
            wrong.push(`${tcId} ${group.comment}/${comment}: ${result}, accepted ${isAccepted}`)
        }
      }
      expect(wrong).toEqual([])
      expect(accepted + refused).toBeGreaterThan(20)
    },
  )
})
