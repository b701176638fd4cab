import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto as Crypto)

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 24 * 3600_000

export interface Pair {
  /** PEM. */
  readonly cert: string
  /** PEM, PKCS #8. */
  readonly key: string
}

export interface Wanted {
  /** RFC 4514; default `CN=localhost`. */
  readonly subject?: string
  readonly dns?: readonly string[]
  readonly uri?: readonly string[]
  readonly email?: readonly string[]
  readonly ip?: readonly string[]
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** An authority of a test's own: nothing it makes outlives the test. */
export class Authority implements Pair {
  readonly cert: string
  readonly key: string
  readonly #keys: webcrypto.CryptoKeyPair
  readonly #certificate: x509.X509Certificate

  private constructor(keys: webcrypto.CryptoKeyPair, certificate: x509.X509Certificate, key: string) {
    this.#keys = keys
    this.#certificate = certificate
    this.cert = `${certificate.toString('pem')}\n`
    this.key = key
  }

  static async create(subject = 'CN=Test CA', above?: Authority): Promise<Authority> {
    const keys = await newKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      ...times({}),
      serialNumber: randomBytes(8).toString('hex').replace(/^./, '1'),
      subject,
      issuer: above === undefined ? subject : above.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: above === undefined ? keys.privateKey : above.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    })
    return new Authority(keys, certificate, await keyPem(keys))
  }

  /** A certificate for a server or a client; by default for `localhost` and 127.0.0.1. */
  async issue(wanted: Wanted = {}): Promise<Pair> {
    const { subject = 'CN=localhost', dns = [], uri = [], email = [], ip = [] } = wanted
    const names: x509.JsonGeneralName[] = [
      ...dns.map((value) => ({ type: 'dns' as const, value })),
      ...uri.map((value) => ({ type: 'url' as const, value })),
      ...email.map((value) => ({ type: 'email' as const, value })),
      ...ip.map((value) => ({ type: 'ip' as const, value })),
    ]
    const usual: x509.JsonGeneralName[] = [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
    ]
    const keys = await newKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      ...times(wanted),
      serialNumber: randomBytes(8).toString('hex').replace(/^./, '1'),
      subject,
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension(names.length === 0 ? usual : names),
      ],
    })
    return { cert: `${certificate.toString('pem')}\n`, key: await keyPem(keys) }
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function keyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const lines = bytes
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')
  return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`
}

function times({ notBefore, notAfter }: Wanted): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: notBefore ?? new Date(Date.now() - day),
    notAfter: notAfter ?? new Date(Date.now() + 30 * day),
  }
}
