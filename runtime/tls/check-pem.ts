import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

const block = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

/** Every certificate of a PEM text. @throws Error with a sentence about `what`, where there is none or one cannot be read */
export function certificatesIn(pem: string, what: string): X509Certificate[] {
  const blocks = pem.match(block) ?? []
  if (blocks.length === 0) throw new Error(`${what} holds no certificate (PEM)`)
  return blocks.map((text, i) => {
    try {
      return new X509Certificate(text)
    } catch {
      throw new Error(`${what}: certificate ${i + 1} of ${blocks.length} cannot be read`)
    }
  })
}

/**
 * The certificate that a server or client shows, if it can be shown with this key at this time.
 * @param names how to call the two in sentences
 * @param now milliseconds since the epoch
 * @throws Error with a sentence a person can act on
 */
export function checkPair(
  pem: { readonly cert: string; readonly key: string },
  names: { readonly cert: string; readonly key: string },
  now: number,
): X509Certificate {
  const leaf = certificatesIn(pem.cert, names.cert)[0]!
  const key = privateKey(pem.key, names.key)
  if (!leaf.checkPrivateKey(key))
    throw new Error(`the key of ${names.key} does not belong to the certificate of ${names.cert}`)
  const { validFromDate, validToDate } = leaf
  if (now >= validToDate.getTime()) throw new Error(`the certificate of ${names.cert} expired on ${day(validToDate)}`)
  if (now < validFromDate.getTime())
    throw new Error(`the certificate of ${names.cert} is not valid before ${day(validFromDate)}`)
  return leaf
}

function privateKey(pem: string, what: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: .*ENCRYPTED/m.test(pem)) {
    throw new Error(`the key of ${what} is encrypted: a service has nobody to ask for the passphrase`)
  }
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Error(`${what} holds no private key (PEM)`)
  }
}

function day(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
