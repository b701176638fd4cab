import { Authority, type Pair } from './certificates.ts'
import type { Sent } from './send.ts'

/** A certificate of a case: of an authority of its own, or issued by another one. */
export interface WantedCertificate {
  readonly by?: string
  /** RFC 4514. */
  readonly subject?: string
  readonly dns?: readonly string[]
  readonly uri?: readonly string[]
  readonly email?: readonly string[]
}

export interface CaseCertificates {
  readonly files: Readonly<Record<string, string>>
  /** What a client that shows this certificate adds to what it sends; every authority of the case counts for it. */
  shownBy(name: string | undefined): Pick<Sent, 'tls'>
}

/** Makes the certificates in the order they are written. */
export async function makeCertificates(wanted: Readonly<Record<string, WantedCertificate>>): Promise<CaseCertificates> {
  const authorities = new Map<string, Authority>()
  const pairs = new Map<string, Pair>()
  for (const [name, { by, ...certificate }] of Object.entries(wanted)) {
    if (by === undefined) authorities.set(name, await Authority.create(certificate.subject ?? `CN=${name}`))
    else if (authorities.has(by)) pairs.set(name, await authorities.get(by)!.issue(certificate))
    else throw new Error(`certificates.${name}: there is no authority "${by}" above it`)
  }
  const ca = [...authorities.values()].map(({ cert }) => cert).join('')
  const files: Record<string, string> = {}
  for (const [name, { cert, key }] of [...authorities, ...pairs]) {
    files[`${name}.pem`] = cert
    files[`${name}.key`] = key
  }
  return {
    files,
    shownBy(name) {
      const pair = name === undefined ? undefined : pairs.get(name)
      if (name !== undefined && pair === undefined) throw new Error(`there is no certificate "${name}"`)
      if (ca === '') return {}
      return { tls: pair === undefined ? { ca } : { ca, cert: pair.cert, key: pair.key } }
    },
  }
}
