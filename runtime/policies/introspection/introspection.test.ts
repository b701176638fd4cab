import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { type Issuer, seconds, startIssuer } from '../../../test/support/issuer.ts'
import type { ClientCertificate } from '../../core/client-certificate.ts'
import type { Verdict } from '../../core/verifier.ts'
import { type IntrospectionOptions, introspection } from './introspection.ts'

let issuer: Issuer
beforeAll(async () => {
  issuer = await startIssuer()
})
beforeEach(() => {
  issuer.tokens.clear()
  issuer.asked.length = 0
  issuer.failsWith = undefined
})
afterAll(() => issuer.close())

const verifier = (options: Partial<IntrospectionOptions> = {}) =>
  introspection({
    scheme: 'token',
    realm: 'Test',
    endpoint: `${issuer.url}/introspect`,
    clientId: 'orders',
    clientSecret: 'secret',
    cacheMs: 60_000,
    rolesClaim: 'roles',
    forward: false,
    ...options,
  })
const presented = (token: string) => exchangeOf({ headers: ['Authorization', `Bearer ${token}`] })
const reason = (verdict: Verdict): string => (verdict.outcome === 'invalid' ? verdict.reason : verdict.outcome)
const verdictOn = async (state: object, options: Partial<IntrospectionOptions> = {}): Promise<string> => {
  issuer.tokens.set('t', state as never)
  return reason(await verifier(options).verify(presented('t')))
}

describe('introspection', () => {
  it.each<[object, string]>([
    [{ active: true, sub: 'ada' }, 'verified'],
    [{ active: true, sub: 'ada', exp: 1 }, 'expired'],
    [{ active: true, sub: 'ada', exp: 'soon' }, 'expired'],
    [{ active: true, sub: 'ada', nbf: 4e9 }, 'inactive'],
    [{ active: true }, 'inactive'],
    [{ active: true, sub: 'ada', cnf: { jkt: 'x' } }, 'bound'],
    [{ active: false, sub: 'ada' }, 'inactive'],
  ])('%j is %s', async (state, expected) => {
    expect(await verdictOn(state)).toBe(expected)
  })

  it.each([{ active: 'true', sub: 'ada' }, { active: 1 }, {}, [], 'x'])('%j decides nothing', async (state) => {
    await expect(verdictOn(state as object)).rejects.toMatchObject({ kind: 'service-unavailable' })
  })

  it('takes a token that is bound to a certificate from its holder only, remembered or not (RFC 8705)', async () => {
    const thumbprint = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0'
    issuer.tokens.set('t', { active: true, sub: 'ada', cnf: { 'x5t#S256': thumbprint } } as never)
    const one = verifier()
    const held = presented('t')
    held.certificate = { thumbprint } as ClientCertificate
    expect(reason(await one.verify(presented('t')))).toBe('bound')
    expect(reason(await one.verify(held))).toBe('verified')
    expect(reason(await one.verify(presented('t')))).toBe('bound')
    expect(issuer.asked).toHaveLength(1)
  })

  it('asks for an audience where one is named', async () => {
    expect(await verdictOn({ active: true, sub: 'a', aud: ['x', 'orders'] }, { audience: ['orders'] })).toBe('verified')
    expect(await verdictOn({ active: true, sub: 'a', aud: 'x' }, { audience: ['orders'] })).toBe('audience')
    expect(await verdictOn({ active: true, sub: 'a' }, { audience: ['orders'] })).toBe('audience')
  })

  it('asks once for many at once, and again when the answer or the token has ended', async () => {
    issuer.tokens.set('t', { active: true, sub: 'ada', exp: seconds(1) + 0.2 })
    const one = verifier()
    await Promise.all(Array.from({ length: 20 }, () => one.verify(presented('t'))))
    expect(one.verify(presented('t'))).toMatchObject({ outcome: 'verified' })
    expect(issuer.asked).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, 1300))
    expect(reason(await one.verify(presented('t')))).toBe('expired')
    expect(issuer.asked).toHaveLength(2)
  })

  it('is undecided while the server is down, and remembers nothing of that', async () => {
    issuer.failsWith = 500
    issuer.tokens.set('t', { active: true, sub: 'ada' })
    const one = verifier()
    await expect(one.verify(presented('t'))).rejects.toMatchObject({ kind: 'service-unavailable' })
    issuer.failsWith = undefined
    expect(reason(await one.verify(presented('t')))).toBe('verified')
  })
})
