import { expect, it } from 'vitest'
import { Authority } from '../../test/support/certificates.ts'
import { certificatesIn, checkPair } from './check-pem.ts'

const names = { cert: 's.pem', key: 's.key' }
const day = 24 * 3600_000

it('says what is wrong with a pair', async () => {
  const ca = await Authority.create()
  const [one, other, now] = [await ca.issue(), await ca.issue(), Date.now()]
  const check = (cert: string, key: string, at = now) => checkPair({ cert, key }, names, at)
  expect(check(one.cert + ca.cert, one.key).subject).toBe('CN=localhost')
  expect(() => check(one.cert, other.key)).toThrow('the key of s.key does not belong to the certificate of s.pem')
  expect(() => check(one.cert, one.cert)).toThrow('s.key holds no private key (PEM)')
  expect(() => check(one.key, one.key)).toThrow('s.pem holds no certificate (PEM)')
  expect(() => check('', '')).toThrow('s.pem holds no certificate (PEM)')
  expect(() => check(one.cert, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n')).toThrow('encrypted')
  expect(() => check(one.cert, one.key, now + 400 * day)).toThrow(/^the certificate of s\.pem expired on \d{4}-/)
  expect(() => check(one.cert, one.key, now - 400 * day)).toThrow(
    /^the certificate of s\.pem is not valid before \d{4}-/,
  )
})

it('reads every certificate of a text', async () => {
  const [one, two] = [await Authority.create('CN=One'), await Authority.create('CN=Two')]
  expect(certificatesIn(`noise\n${one.cert}noise\n${two.cert}`, 'ca.pem').map(({ subject }) => subject)).toEqual([
    'CN=One',
    'CN=Two',
  ])
  const broken = one.cert.replace(/[A-Za-z0-9+/]{40}/, 'AAAA')
  expect(() => certificatesIn(two.cert + broken, 'ca.pem')).toThrow('ca.pem: certificate 2 of 2 cannot be read')
})
