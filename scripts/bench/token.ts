import { generateKeyPairSync, sign } from 'node:crypto'

export const issuer = 'https://id.example'
export const audience = 'bench'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** The public half, as a JWK Set. */
export const keySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256', use: 'sig' }] }

/** A token of this run, good for a day. */
export const token = makeToken()

function makeToken(): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, aud: audience, sub: 'bench', iat: now, exp: now + 86_400, scope: 'orders.read' }
  const signed = [{ alg: 'ES256', kid: 'bench', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}
