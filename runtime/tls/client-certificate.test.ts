import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { Authority } from '../../test/support/certificates.ts'
import { factsOf, isIssuedBy, namesIn } from './client-certificate.ts'

const raw = (...certificates: { cert: string }[]): Buffer[] =>
  certificates.map(({ cert }) => new X509Certificate(cert).raw)
const x509 = (...certificates: { cert: string }[]): X509Certificate[] =>
  certificates.map(({ cert }) => new X509Certificate(cert))

it.each([
  ['', []],
  ['DNS:a.example', [['dns', 'a.example']]],
  [
    'URI:spiffe://a/b, DNS:x.example, email:a@b.example, IP Address:127.0.0.1',
    [
      ['uri', 'spiffe://a/b'],
      ['dns', 'x.example'],
      ['email', 'a@b.example'],
    ],
  ],
  // One name that looks like two.
  ['DNS:"a.example, DNS:victim.example"', [['dns', 'a.example, DNS:victim.example']]],
  ['URI:"http://a/\\u002cb", othername:<unsupported>', [['uri', 'http://a/,b']]],
  ['DNS:"\\x", DNS:me.example', [['dns', 'me.example']]],
  ['DirName:"CN=x, DNS:victim.example", DNS:me.example', [['dns', 'me.example']]],
])('names in %s', (text, expected) => {
  expect(namesIn(text).map(({ kind, value }) => [kind, value])).toEqual(expected)
})

it('tells what a certificate says', async () => {
  const ca = await Authority.create()
  const { cert } = await ca.issue({ subject: 'C=DE, O=Acme\\, Inc, CN=acme', uri: ['spiffe://acme/x'] })
  const facts = factsOf(new X509Certificate(cert))
  expect(facts.subject).toBe('CN=acme,O=Acme\\, Inc,C=DE')
  expect(facts.names).toEqual([{ kind: 'uri', value: 'spiffe://acme/x' }])
  expect(facts.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(Buffer.from(facts.thumbprint, 'base64url').toString('hex')).toBe(facts.fingerprint)
})

it('follows signatures, not names', async () => {
  const [ca, other, now] = [await Authority.create('CN=CA'), await Authority.create('CN=Other'), Date.now()]
  const middle = await Authority.create('CN=Middle', ca)
  const direct = await ca.issue()
  const below = await middle.issue()
  expect(isIssuedBy(raw(direct), x509(ca), now)).toBe(true)
  expect(isIssuedBy(raw(direct), x509(other), now)).toBe(false)
  expect(isIssuedBy(raw(below, middle), x509(ca), now)).toBe(true)
  expect(isIssuedBy(raw(below), x509(ca), now)).toBe(false)
  expect(isIssuedBy(raw(below, other, middle, ca), x509(other, ca), now)).toBe(true)
  // Names as the trusted ones have them, keys of one's own.
  const forgedCa = await Authority.create('CN=CA')
  const forgedMiddle = await Authority.create('CN=Middle', forgedCa)
  expect(isIssuedBy(raw(await forgedCa.issue()), x509(ca), now)).toBe(false)
  expect(isIssuedBy(raw(await forgedMiddle.issue(), forgedMiddle), x509(ca), now)).toBe(false)
  expect(isIssuedBy(raw(await forgedMiddle.issue(), middle), x509(ca), now)).toBe(false)
  // A certificate of the trusted authority that is no authority itself issues nothing.
  expect(isIssuedBy(raw(await forgedMiddle.issue(), direct), x509(ca), now)).toBe(false)
  expect(isIssuedBy(raw(direct), x509(ca), now + 400 * 24 * 3600_000)).toBe(false)
})
