import { importJWK } from 'jose/key/import'
import { strictBytes } from './compact-token.ts'

/** Signatures that can be verified (RFC 7518 §3, RFC 8037, RFC 9864). HMAC is not among them: who verifies could forge. */
export type SignatureAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'

const curveOf: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }
/** Bytes of a coordinate. */
const curves: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }

/** RFC 7518 §3.3 asks for 2048 bits; much larger ones only serve to keep the machine busy. */
const rsaBits = { fewest: 2048, most: 8192 }

type Members = Readonly<Record<string, unknown>>

/** A key of a JWK Set (RFC 7517) that may verify signatures. */
export class PublicKey {
  readonly kid: string | undefined
  /** What makes it the same key: kept over a reload, so that what it verified stays verified. */
  readonly identity: string
  readonly #jwk: Record<string, string>
  readonly #alg: string | undefined
  readonly #imported = new Map<string, Promise<CryptoKey>>()

  constructor(jwk: Record<string, string>, kid: string | undefined, alg: string | undefined) {
    this.#jwk = jwk
    this.kid = kid
    this.#alg = alg
    this.identity = JSON.stringify([kid, alg, Object.entries(jwk).sort()])
  }

  /** The key's kind decides, never the token (RFC 8725 §3.1); `alg` beside the key narrows it to one. */
  fits(algorithm: SignatureAlgorithm): boolean {
    if (this.#alg !== undefined && this.#alg !== algorithm) return false
    const { kty, crv } = this.#jwk
    if (algorithm[0] === 'R' || algorithm[0] === 'P') return kty === 'RSA'
    return algorithm[1] === 'S' ? crv === curveOf[algorithm] : crv === 'Ed25519'
  }

  import(algorithm: SignatureAlgorithm): Promise<CryptoKey> {
    let imported = this.#imported.get(algorithm)
    if (imported === undefined) {
      imported = importJWK(this.#jwk, algorithm) as Promise<CryptoKey>
      this.#imported.set(algorithm, imported)
    }
    return imported
  }
}

/** Judges a JWK. @returns the key; text where it must not be used; undefined where it is for something else. */
export function publicKey(jwk: unknown): PublicKey | string | undefined {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return 'a key is no object'
  const key = jwk as Members
  const { kid, alg, use, key_ops: operations } = key
  if (kid !== undefined && typeof kid !== 'string') return 'a "kid" is no text'
  const name = kid === undefined ? 'a key without "kid"' : `the key "${kid.slice(0, 64)}"`
  if (alg !== undefined && typeof alg !== 'string') return `${name} has an "alg" that is no text`
  if (use !== undefined && use !== 'sig') return undefined
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined
  if (key['kty'] === 'oct') return `${name} is a secret`
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'priv'].some((member) => Object.hasOwn(key, member))) {
    return `${name} is a private key`
  }
  const members = publicMembers(key)
  if (members === undefined || typeof members === 'string') return members && `${name} ${members}`
  return new PublicKey(members, kid, alg)
}

function publicMembers(key: Members): Record<string, string> | string | undefined {
  const { kty, crv } = key
  if (kty === 'RSA') {
    const [n, e] = [numberBytes(key['n']), numberBytes(key['e'])]
    if (n === undefined || e === undefined) return 'cannot be read'
    const bits = n.length * 8 - Math.clz32(n[0]!) + 24
    if (bits < rsaBits.fewest || bits > rsaBits.most)
      return `has ${bits} bits, not ${rsaBits.fewest} to ${rsaBits.most}`
    // An exponent of 1 makes every message its own signature; long ones make verifying slow.
    if (e.length > 8 || (e.at(-1)! & 1) === 0 || (e.length === 1 && e[0] === 1)) return 'has an unsuitable exponent'
    if (isRoca(n)) return 'was made by a generator whose keys can be factored (ROCA)'
    return { kty, n: key['n'] as string, e: key['e'] as string }
  }
  if (kty === 'EC' && typeof crv === 'string' && Object.hasOwn(curves, crv)) {
    const fits = [key['x'], key['y']].every((part) => bytesOf(part)?.length === curves[crv])
    return fits ? { kty, crv, x: key['x'] as string, y: key['y'] as string } : 'cannot be read'
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    return bytesOf(key['x'])?.length === 32 ? { kty, crv, x: key['x'] as string } : 'cannot be read'
  }
  return undefined
}

const smallPrimes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
]

/** CVE-2017-15361: such a modulus is a power of 65537 modulo every small prime; of other keys, one in 10^8 looks so. */
function isRoca(modulus: Buffer): boolean {
  const n = BigInt(`0x${modulus.toString('hex')}`)
  return smallPrimes.every((prime) => {
    const rest = Number(n % BigInt(prime))
    let power = 1
    do {
      if (power === rest) return true
      power = (power * 65537) % prime
    } while (power !== 1)
    return false
  })
}

/** RFC 7518 §2: a number has no leading zeros; as some issuers write them, they are not counted. */
function numberBytes(value: unknown): Buffer | undefined {
  const bytes = bytesOf(value)
  return bytes?.subarray(bytes.findIndex((byte) => byte !== 0))
}

function bytesOf(value: unknown): Buffer | undefined {
  return typeof value === 'string' ? strictBytes(value) : undefined
}
