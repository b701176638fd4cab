import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { Authority, type Pair, type Wanted } from '../../../test/support/certificates.ts'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { ClientCertificate } from '../../core/client-certificate.ts'
import type { Verdict } from '../../core/verifier.ts'
import { certificateKey } from '../../identity/certificate-names.ts'
import type { KnownKey } from '../../identity/consumers.ts'
import { factsOf } from '../../tls/client-certificate.ts'
import { type MtlsOptions, mtls } from './mtls.ts'

const ca = await Authority.create()
const said = (verdict: Verdict): string =>
  verdict.outcome === 'verified'
    ? verdict.consumer.id
    : verdict.outcome === 'invalid'
      ? `invalid ${verdict.reason}`
      : verdict.outcome
const shown = ({ cert }: Pair, more: Partial<ClientCertificate> = {}): ClientCertificate => {
  const certificate = new X509Certificate(cert)
  return { ...factsOf(certificate), isTrusted: true, chain: [certificate.raw], ...more }
}
const verdictOn = async (certificate: ClientCertificate | undefined, options: Partial<MtlsOptions> = {}) => {
  const exchange = exchangeOf({})
  exchange.certificate = certificate
  return mtls({ scheme: 'm', realm: 'r', consumerFrom: 'san', ...options }).verify(exchange)
}
const issued = (wanted: Wanted = {}): Promise<Pair> => ca.issue(wanted)

it.each<[Wanted, Partial<MtlsOptions>, string]>([
  [{ uri: ['spiffe://a/b'], dns: ['Host.Example'] }, {}, 'spiffe://a/b'],
  [{ dns: ['Host.Example'], email: ['x@y.example'] }, {}, 'host.example'],
  [{ email: ['x@y.example'] }, {}, 'x@y.example'],
  [{ ip: ['10.0.0.1'] }, {}, 'invalid unknown'],
  [{ subject: 'C=DE, CN=acme' }, { consumerFrom: 'subject' }, 'CN=acme,C=DE'],
])('%j by %j is %s', async (wanted, options, expected) => {
  expect(said(await verdictOn(shown(await issued(wanted)), options))).toBe(expected)
})

it('takes the fingerprint for a name', async () => {
  const certificate = shown(await issued())
  expect(said(await verdictOn(certificate, { consumerFrom: 'fingerprint' }))).toBe(certificate.fingerprint)
})

it('takes nobody at their own word, nor past their time', async () => {
  const pair = await issued()
  expect(said(await verdictOn(undefined))).toBe('absent')
  expect(said(await verdictOn(shown(pair, { isTrusted: false })))).toBe('invalid untrusted')
  expect(said(await verdictOn(shown(pair, { notAfter: Date.now() - 1 })))).toBe('invalid expired')
  expect(said(await verdictOn(shown(pair, { notBefore: Date.now() + 60_000 })))).toBe('invalid expired')
})

it('asks authorities of its own again when they change', async () => {
  const other = await Authority.create('CN=Other')
  const [own, foreign] = [[new X509Certificate(ca.cert)], [new X509Certificate(other.cert)]]
  const authorities = { certificates: own }
  const one = mtls({ scheme: 'm', realm: 'r', consumerFrom: 'san', authorities })
  const exchange = exchangeOf({})
  exchange.certificate = shown(await issued({ dns: ['a.example'] }))
  expect(said(await one.verify(exchange))).toBe('a.example')
  authorities.certificates = foreign
  expect(said(await one.verify(exchange))).toBe('invalid untrusted')
})

it('looks names up, and belongs to one consumer only', async () => {
  const known = (id: string, expiresAt = Number.POSITIVE_INFINITY): KnownKey => {
    const consumer = { id, roles: [], scopes: [], claims: {} }
    return { consumer, verdict: { outcome: 'verified', consumer }, expiresAt }
  }
  const listed = new Map([
    [certificateKey('dns', 'a.example'), known('a')],
    [certificateKey('dns', 'b.example'), known('b')],
    [certificateKey('dns', 'old.example'), known('old', 1)],
  ])
  const consumers = {
    byDigest: () => undefined,
    passwordsOf: () => [],
    byCertificate: (key: string) => listed.get(key),
  }
  const look = async (...dns: string[]) => said(await verdictOn(shown(await issued({ dns })), { consumers }))
  expect(await look('x.example', 'A.Example')).toBe('a')
  expect(await look('a.example', 'b.example')).toBe('invalid ambiguous')
  expect(await look('old.example')).toBe('invalid expired')
  expect(await look('x.example')).toBe('invalid unknown')
})
