import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { KeySet } from './key-set.ts'
import { publicKey } from './public-key.ts'

const rsa = (bits: number): object =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
const ec = (): object => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })

describe('keys that verify', () => {
  it('fit algorithms of their kind', () => {
    const set = KeySet.read({
      keys: [
        { ...rsa(2048), kid: 'r' },
        { ...ec(), kid: 'e' },
        { ...rsa(2048), kid: 'p', alg: 'PS256' },
      ],
    })
    expect(set.choose('r', 'RS256')).toMatchObject({ kid: 'r' })
    expect(set.choose('r', 'PS512')).toMatchObject({ kid: 'r' })
    expect(set.choose('r', 'ES256')).toBe('unknown')
    expect(set.choose('e', 'ES384')).toBe('unknown')
    expect(set.choose('p', 'RS256')).toBe('unknown')
    expect(set.choose(undefined, 'ES256')).toMatchObject({ kid: 'e' })
    expect(set.choose(undefined, 'PS256')).toBe('ambiguous')
  })

  it('are not short, weak, private, secret or for something else', () => {
    expect(publicKey(rsa(1024))).toMatch(/1024 bits/)
    expect(publicKey({ ...rsa(2048), e: 'AQ' })).toMatch(/exponent/)
    expect(publicKey({ ...rsa(2048), e: 'Ag' })).toMatch(/exponent/)
    expect(publicKey({ ...rsa(2048), d: 'AQAB' })).toMatch(/private/)
    expect(publicKey({ kty: 'oct', k: 'AAAA' })).toMatch(/secret/)
    expect(publicKey({ ...ec(), x: 'AAAA' })).toMatch(/cannot be read/)
    expect(publicKey({ ...ec(), use: 'enc' })).toBeUndefined()
    expect(publicKey({ ...ec(), key_ops: ['sign'] })).toBeUndefined()
    expect(publicKey({ kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' })).toBeUndefined()
    expect(publicKey(null)).toMatch(/no object/)
  })

  it('a set without one of them is no key set', () => {
    for (const value of [null, [], {}, { keys: [] }, { keys: {} }, { keys: [{ kty: 'oct', k: 'AA' }] }]) {
      expect(() => KeySet.read(value)).toThrow()
    }
  })
})
