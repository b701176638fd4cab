import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Issuer, type SigningKey, startIssuer } from '../../test/support/issuer.ts'
import type { Notice } from '../core/notice.ts'
import { remoteKeys } from './remote-keys.ts'

const minute = 60_000
let issuer: Issuer
beforeEach(async () => {
  issuer = await startIssuer('/tenant')
})
afterEach(() => issuer.close())

function made(options: { jwksUri?: string; metadata?: string; issuer?: string } = {}) {
  const clock = { now: 0 }
  const notices: Notice[] = []
  const keys = remoteKeys(
    { issuer: issuer.url, jwksUri: '', metadata: '', ...options },
    { now: () => clock.now, notice: (notice) => notices.push(notice) },
  )
  const find = async (kid: string): Promise<string> => {
    try {
      const found = await keys.find(kid, 'ES256')
      return typeof found === 'string' ? found : 'found'
    } catch (error) {
      return String((error as { status?: number }).status ?? error)
    }
  }
  const asked = (path = '/jwks'): number => issuer.asked.filter((one) => one.endsWith(path)).length
  return { keys, clock, notices, find, asked }
}

/** What is fetched beside requests has arrived. */
const settled = (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 10_000, interval: 5 }).toBe(true)
const kidOf = (keys: readonly SigningKey[]): string => keys.at(-1)!.kid

describe('keys of an issuer', () => {
  it('are found by its metadata: those of OpenID Connect, else those of RFC 8414', async () => {
    const { find } = made()
    expect(await find(kidOf(issuer.keys))).toBe('found')
    expect(issuer.asked).toEqual(['/tenant/.well-known/openid-configuration', '/tenant/jwks'])
    issuer.asked.length = 0
    issuer.missing.add('/tenant/.well-known/openid-configuration')
    expect(await made().find(kidOf(issuer.keys))).toBe('found')
    expect(issuer.asked).toEqual([
      '/tenant/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/tenant',
      '/tenant/jwks',
    ])
  })

  it('are those of the address that is given', async () => {
    expect(await made({ jwksUri: `${issuer.url}/jwks` }).find(kidOf(issuer.keys))).toBe('found')
    expect(issuer.asked).toEqual(['/tenant/jwks'])
  })

  it('are kept while they are fresh, and renewed beside requests', async () => {
    const { find, clock, asked } = made()
    const kid = kidOf(issuer.keys)
    for (let i = 0; i < 5; i++) expect(await find(kid)).toBe('found')
    expect(asked()).toBe(1)
    await issuer.rotate(false)
    clock.now += 6 * minute
    expect(await find(kid)).toBe('found')
    await settled(() => asked() === 2)
    await settled(() => issuer.asked.length === 4)
    await expect.poll(() => find(kidOf(issuer.keys)), { timeout: 10_000 }).toBe('found')
  })

  it('that are new are asked for at once; names that nobody knows are not asked for again and again', async () => {
    const { find, clock, asked } = made()
    await find(kidOf(issuer.keys))
    await issuer.rotate()
    expect(await find(kidOf(issuer.keys))).toBe('found')
    expect(asked()).toBe(2)
    for (let i = 0; i < 50; i++) expect(await find(`invented-${i}`)).toBe('unknown')
    expect(asked()).toBe(5)
    clock.now += 31_000
    await find('invented')
    await find('invented')
    expect(asked()).toBe(6)
  })

  it('are used for a day while the issuer is away, and not longer', async () => {
    const { find, clock, notices } = made()
    const kid = kidOf(issuer.keys)
    await find(kid)
    issuer.failsWith = 500
    clock.now += 23 * 60 * minute
    expect(await find(kid)).toBe('found')
    await settled(() => notices.length > 0)
    expect(await find('other')).toBe('503')
    clock.now += 2 * 60 * minute
    expect(await find(kid)).toBe('503')
    issuer.failsWith = undefined
    clock.now += minute
    expect(await find(kid)).toBe('found')
    expect(notices.map(({ level }) => level)).toEqual(['error', 'info'])
  })

  it.each<[string, () => unknown]>([
    ['a set without keys', () => (issuer.jwks = { keys: [] })],
    ['no set', () => (issuer.jwks = [])],
    ['secret keys', () => (issuer.jwks = { keys: [{ kty: 'oct', k: 'AAAA' }] })],
    ['a set that is too long', () => (issuer.jwks = { keys: [], x: 'x'.repeat(300_000) })],
    ['another issuer', () => (issuer.metadata = { issuer: 'https://evil.example' })],
    ['metadata without an address', () => (issuer.metadata = { jwks_uri: undefined })],
    ['keys over an open line', () => (issuer.metadata = { jwks_uri: 'http://evil.example/jwks' })],
    ['keys of a file', () => (issuer.metadata = { jwks_uri: 'file:///etc/passwd' })],
    ['a redirect', () => (issuer.failsWith = 302)],
  ])('are not had from %s', async (_, spoil) => {
    spoil()
    expect(await made().find(kidOf(issuer.keys))).toBe('503')
  })
})
