import { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { ClientCertificate } from '../core/client-certificate.ts'

/** Certificates a client may send with its own; a longer chain is cut, and then leads nowhere. */
const longestChain = 8
const kinds = { DNS: 'dns', URI: 'uri', email: 'email' } as const

/** What the client of a finished handshake has shown; undefined where it has shown nothing. */
export function clientCertificate(socket: TLSSocket): ClientCertificate | undefined {
  const own = socket.getPeerX509Certificate()
  if (own === undefined) return undefined
  return { ...factsOf(own), isTrusted: socket.authorized, chain: chainOf(own) }
}

export function factsOf(certificate: X509Certificate): Omit<ClientCertificate, 'isTrusted' | 'chain'> {
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  return {
    // Node gives a part a line, in the order of the certificate, each escaped as RFC 4514 asks.
    subject: (certificate.subject ?? '').split('\n').reverse().join(','),
    names: namesIn(certificate.subjectAltName ?? ''),
    fingerprint,
    thumbprint: Buffer.from(fingerprint, 'hex').toString('base64url'),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  }
}

/** `DNS:a.example, URI:"spiffe://x/a\u002cb"`: values with special characters are JSON strings. */
export function namesIn(text: string): ClientCertificate['names'] {
  const names: { kind: 'dns' | 'uri' | 'email'; value: string }[] = []
  for (const [, label = '', written = ''] of text.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)/g)) {
    const kind = Object.hasOwn(kinds, label) ? kinds[label as keyof typeof kinds] : undefined
    const value = written[0] === '"' ? unquoted(written) : written
    if (kind !== undefined && value !== '') names.push({ kind, value })
  }
  return names
}

/** '' for what is no JSON string: anybody may send any certificate, and one that cannot be read names nobody. */
function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    return ''
  }
}

function chainOf(own: X509Certificate): Buffer[] {
  const chain: Buffer[] = []
  let at: X509Certificate | undefined = own
  while (at !== undefined && chain.length < longestChain) {
    chain.push(at.raw)
    const issuer: X509Certificate | undefined = at.issuerCertificate
    at = issuer === undefined || issuer.fingerprint256 === at.fingerprint256 ? undefined : issuer
  }
  return chain
}

/**
 * Whether one of these authorities has issued the certificate, directly or through others of the chain. Signatures are checked at
 * each step: what a client sends along is its own word.
 */
export function isIssuedBy(chain: readonly Buffer[], authorities: readonly X509Certificate[], now: number): boolean {
  const certificates = chain.map((raw) => new X509Certificate(raw))
  let at = certificates[0]
  for (let depth = 0; at !== undefined && depth < longestChain; depth++) {
    const subject: X509Certificate = at
    if (authorities.some((authority) => hasIssued(authority, subject, now))) return true
    at = certificates.find((other, i) => i > 0 && hasIssued(other, subject, now))
    if (at?.fingerprint256 === subject.fingerprint256) return false
  }
  return false
}

function hasIssued(issuer: X509Certificate, subject: X509Certificate, now: number): boolean {
  return (
    issuer.ca &&
    now >= issuer.validFromDate.getTime() &&
    now < issuer.validToDate.getTime() &&
    subject.checkIssued(issuer) &&
    subject.verify(issuer.publicKey)
  )
}
