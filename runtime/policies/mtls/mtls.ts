import type { X509Certificate } from 'node:crypto'
import type { ClientCertificate } from '../../core/client-certificate.ts'
import type { Consumer } from '../../core/consumer.ts'
import { absent, quoted, type Verdict, type Verifier } from '../../core/verifier.ts'
import { type CertificateName, certificateKey } from '../../identity/certificate-names.ts'
import type { ConsumerDirectory } from '../../identity/consumers.ts'
import type { Authorities } from '../../tls/authorities.ts'
import { isIssuedBy } from '../../tls/client-certificate.ts'

export interface MtlsOptions {
  /** The scheme's name in the document. */
  readonly scheme: string
  readonly realm: string
  /** Who vouches for this scheme's callers; without it those do whom the listener trusts. */
  readonly authorities?: Authorities
  /** What of the certificate says who calls. */
  readonly consumerFrom: 'san' | 'subject' | 'fingerprint'
  /** Who may call; without it whoever the authorities vouch for, as a consumer without roles. */
  readonly consumers?: ConsumerDirectory
}

const unknown: Verdict = { outcome: 'invalid', reason: 'unknown' }
const expired: Verdict = { outcome: 'invalid', reason: 'expired' }
const untrusted: Verdict = { outcome: 'invalid', reason: 'untrusted' }
const severalConsumers: Verdict = { outcome: 'invalid', reason: 'ambiguous' }

interface Judgement {
  readonly by: readonly X509Certificate[]
  readonly isIssued: boolean
}

/** Verifies callers by the certificate of their TLS connection. */
export function mtls(options: MtlsOptions): Verifier {
  const { scheme, realm, authorities, consumerFrom, consumers } = options
  const challenge = `ClientCertificate realm=${quoted(realm)}`
  // Once a connection, not once a request; forgotten with the connection.
  const judged = new WeakMap<ClientCertificate, Judgement>()
  const anybody = new WeakMap<ClientCertificate, Verdict>()

  const isVouchedFor = (certificate: ClientCertificate, now: number): boolean => {
    if (!certificate.isTrusted) return false
    if (authorities === undefined) return true
    const { certificates } = authorities
    let judgement = judged.get(certificate)
    if (judgement?.by !== certificates) {
      judgement = { by: certificates, isIssued: isIssuedBy(certificate.chain, certificates, now) }
      judged.set(certificate, judgement)
    }
    return judgement.isIssued
  }
  /** Without a consumers file the certificate's own name is the consumer. */
  const anyone = (certificate: ClientCertificate): Verdict => {
    let verdict = anybody.get(certificate)
    if (verdict === undefined) {
      const id = keysOf(certificate, consumerFrom)[0]?.replace(/^[a-z0-9]+:/, '')
      verdict = id === undefined ? unknown : { outcome: 'verified', consumer: consumerOf(id, certificate) }
      anybody.set(certificate, verdict)
    }
    return verdict
  }

  return {
    scheme,
    verify({ certificate }) {
      if (certificate === undefined) return absent
      const now = Date.now()
      // A connection may outlive the certificate it was opened with.
      if (now >= certificate.notAfter || now < certificate.notBefore) return expired
      if (!isVouchedFor(certificate, now)) return untrusted
      return consumers === undefined ? anyone(certificate) : listed(keysOf(certificate, consumerFrom), consumers, now)
    },
    challenge: ({ verdict }) => (verdict.outcome === 'verified' ? undefined : challenge),
    // The proof ends with the connection: nothing of it is in the request.
    remove() {},
  }
}

function listed(keys: readonly string[], consumers: ConsumerDirectory, now: number): Verdict {
  let verdict: Verdict = unknown
  for (const key of keys) {
    const known = consumers.byCertificate?.(key)
    if (known === undefined) continue
    if (now >= known.expiresAt) return expired
    if (verdict.outcome === 'verified' && verdict.consumer !== known.consumer) return severalConsumers
    verdict = known.verdict
  }
  return verdict
}

/** What the certificate is called, for look-ups. Names for services (URI) stand before those of hosts and people. */
function keysOf({ names, subject, fingerprint }: ClientCertificate, from: MtlsOptions['consumerFrom']): string[] {
  const one = (kind: CertificateName, value: string): string[] => {
    const key = certificateKey(kind, value)
    return key === undefined ? [] : [key]
  }
  if (from === 'subject') return one('subject', subject)
  if (from === 'fingerprint') return one('sha256', fingerprint)
  return (['uri', 'dns', 'email'] as const).flatMap((kind) =>
    names.filter((name) => name.kind === kind).flatMap(({ value }) => one(kind, value)),
  )
}

function consumerOf(id: string, { subject, fingerprint, names }: ClientCertificate): Consumer {
  const of = (kind: string): string[] => names.filter((name) => name.kind === kind).map(({ value }) => value)
  const claims = { subject, fingerprint, dns: of('dns'), uri: of('uri'), email: of('email') }
  return Object.freeze({ id, roles: [], scopes: [], claims: Object.freeze(claims) })
}
