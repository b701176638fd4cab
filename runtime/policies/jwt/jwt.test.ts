import { beforeAll, describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { type SigningKey, seconds, signed, signingKey } from '../../../test/support/issuer.ts'
import type { ClientCertificate } from '../../core/client-certificate.ts'
import type { Verdict } from '../../core/verifier.ts'
import { KeySet, type KeySource } from '../../identity/key-set.ts'
import { type JwtOptions, type JwtSurroundings, jwt } from './jwt.ts'

let key: SigningKey
let set: KeySet
let lookups = 0
const keys: KeySource = {
  find: (kid, algorithm) => {
    lookups++
    return set.choose(kid, algorithm)
  },
  holds: (one) => set.keys.has(one),
}

beforeAll(async () => {
  key = await signingKey('ES256')
  set = KeySet.read({ keys: [key.jwk] })
})

const verifier = (options: Partial<JwtOptions> = {}, surroundings: JwtSurroundings = {}) =>
  jwt(
    {
      scheme: 'bearer',
      realm: 'Test',
      keys,
      issuer: 'https://id.example',
      audience: ['orders', 'https://orders.example'],
      algorithms: ['ES256'],
      clockSkew: 30,
      require: [],
      rolesClaim: 'roles',
      forward: false,
      ...options,
    },
    surroundings,
  )
const claims = (more: object = {}): object => ({
  iss: 'https://id.example',
  aud: 'orders',
  sub: 'ada',
  exp: seconds(60),
  ...more,
})
const presented = (token: string) => exchangeOf({ headers: ['Authorization', `Bearer ${token}`] })
const verdictOn = async (more: object, options: Partial<JwtOptions> = {}, header: object = {}): Promise<Verdict> =>
  verifier(options).verify(presented(await signed(claims(more), key, header)))
const reason = (verdict: Verdict): string => (verdict.outcome === 'invalid' ? verdict.reason : verdict.outcome)
const consumer = (verdict: Verdict) => (verdict.outcome === 'verified' ? verdict.consumer : undefined)

describe('jwt', () => {
  it('says who calls, with which scopes and roles', async () => {
    expect(consumer(await verdictOn({ scope: 'a b', roles: ['r'] }))).toMatchObject({
      id: 'ada',
      scopes: ['a', 'b'],
      roles: ['r'],
    })
    expect(consumer(await verdictOn({ scp: ['a', 1] }))).toMatchObject({ scopes: ['a'], roles: [] })
    expect(consumer(await verdictOn({ sub: undefined, client_id: 'shop' }))?.id).toBe('shop')
  })

  it('takes a token that is bound to a certificate from its holder only, remembered or not (RFC 8705)', async () => {
    const thumbprint = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0'
    const token = await signed(claims({ cnf: { 'x5t#S256': thumbprint } }), key)
    const one = verifier()
    const held = presented(token)
    held.certificate = { thumbprint } as ClientCertificate
    const thief = presented(token)
    thief.certificate = { thumbprint: thumbprint.replace('A', 'B') } as ClientCertificate
    expect(reason(await one.verify(presented(token)))).toBe('bound')
    expect(reason(await one.verify(held))).toBe('verified')
    expect(reason(await one.verify(presented(token)))).toBe('bound')
    expect(reason(await one.verify(thief))).toBe('bound')
    expect(reason(await verifier().verify(presented(await signed(claims({ cnf: { jkt: 'x' } }), key))))).toBe('bound')
  })

  it('finds claims by their path, and by names that hold dots', async () => {
    const options = {
      rolesClaim: 'realm_access.roles',
      scopesClaim: 'https://x.example/scopes',
      consumerClaim: 'org.id',
    }
    const more = { realm_access: { roles: ['admin'] }, 'https://x.example/scopes': 'a', org: { id: 7 } }
    expect(consumer(await verdictOn(more, options))).toMatchObject({ id: '7', roles: ['admin'], scopes: ['a'] })
    expect(reason(await verdictOn({}, options))).toBe('claims')
    expect(consumer(await verdictOn({}, { rolesClaim: '__proto__.x' }))?.roles).toEqual([])
  })

  it('asks for the claims that are required, and for those of RFC 9068', async () => {
    expect(reason(await verdictOn({}, { require: ['tenant'] }))).toBe('claims')
    expect(reason(await verdictOn({ tenant: null }, { require: ['tenant'] }))).toBe('verified')
    expect(reason(await verdictOn({}, { type: 'at+jwt' }))).toBe('claims')
    const whole = { client_id: 'shop', iat: seconds(), jti: '1' }
    expect(reason(await verdictOn(whole, { type: 'at+jwt' }))).toBe('verified')
    expect(reason(await verdictOn(whole, { type: 'at+jwt' }, { typ: 'JWT' }))).toBe('type')
    expect(reason(await verdictOn({}, { type: 'JWT' }, { typ: 'application/jwt' }))).toBe('verified')
  })

  it('remembers what it verified, until the token ends', async () => {
    let now = Date.now()
    const one = verifier({}, { now: () => now })
    const token = await signed(claims(), key)
    lookups = 0
    expect((await one.verify(presented(token))).outcome).toBe('verified')
    expect(one.verify(presented(token))).toMatchObject({ outcome: 'verified' }) // no promise: from memory
    expect(lookups).toBe(1)
    now += 60_000
    expect(one.verify(presented(token))).toBeInstanceOf(Promise)
    now += 30_000
    expect(reason(await one.verify(presented(token)))).toBe('expired')
  })

  it('forgets with the key', async () => {
    const one = verifier()
    const token = await signed(claims(), key)
    await one.verify(presented(token))
    const before = set
    set = KeySet.read({ keys: [(await signingKey('ES256')).jwk] })
    expect(reason(await one.verify(presented(token)))).toBe('key-unknown')
    set = KeySet.read({ keys: [key.jwk, (await signingKey('ES256')).jwk] }, before)
    expect(one.verify(presented(token))).toMatchObject({ outcome: 'verified' })
    set = before
  })

  it('does not choose between keys of one name', async () => {
    const before = set
    set = KeySet.read({ keys: [key.jwk, (await signingKey('ES256', key.kid)).jwk] })
    expect(reason(await verdictOn({}))).toBe('key-ambiguous')
    set = before
  })

  it('takes its credential away, and no other', () => {
    const exchange = exchangeOf({ headers: ['a', 'b', 'AUTHORIZATION', 'bEARER x', 'Authorization', 'Basic y'] })
    verifier().remove(exchange)
    expect(exchange.headers).toEqual(['a', 'b', 'Authorization', 'Basic y'])
    verifier({ forward: true }).remove(exchange)
    expect(exchange.headers).toHaveLength(4)
  })
})
