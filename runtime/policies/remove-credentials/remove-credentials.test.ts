import { expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Verifier } from '../../core/verifier.ts'
import { keyAccess } from '../../identity/credential.ts'
import { removeCredentials } from './remove-credentials.ts'

it('asks every verifier to take its credential out, and nothing else', () => {
  const verifiers = (['header', 'query'] as const).map((place): Verifier => {
    const access = keyAccess({ in: place, name: 'k' })
    const verify = (): never => {
      throw new Error('not asked')
    }
    return { scheme: place, verify, challenge: () => undefined, remove: (exchange) => access.remove(exchange) }
  })
  const exchange = exchangeOf({ headers: ['a', 'b', 'K', 'secret'], query: 'x=1&%6b=secret' })
  const answer = { status: 200, headers: [], body: null }
  expect(removeCredentials({ verifiers })(() => answer)(exchange)).toBe(answer)
  expect(exchange).toMatchObject({ headers: ['a', 'b'], query: 'x=1', consumer: undefined, isAnonymous: false })
})
