import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  /** As it is published. */
  readonly jwk: JWK
}

/** What introspection says of a token (RFC 7662 §2.2). */
export type TokenState = Readonly<Record<string, unknown>>

/** An OpenID provider as small as one can be, on a free port of the loopback. */
export interface Issuer {
  /** Its name, and where it is. */
  readonly url: string
  /** The keys it publishes; the last one signs. */
  keys: SigningKey[]
  /** What `/jwks` answers instead of the keys. */
  jwks: unknown
  /** What the metadata say beside or instead of the usual. */
  metadata: Record<string, unknown>
  /** Answers to introspection, by token; others are not active. */
  readonly tokens: Map<string, TokenState>
  /** What the token endpoint answers instead of the usual. */
  grant: ((form: URLSearchParams) => { readonly status?: number; readonly body: unknown }) | undefined
  /** Status of every answer while it is set: an outage. */
  failsWith: number | undefined
  /** Paths that are 404. */
  readonly missing: Set<string>
  /** Milliseconds before every answer. */
  delay: number
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  /** `Authorization` of the last introspection or token request. */
  lastAuthorization: string | undefined
  /** Publishes a new key and signs with it. @param keep whether the old ones stay published */
  rotate(keep?: boolean): Promise<SigningKey>
  /** A good access token for the audience `orders`, and what the test says differs; undefined takes a claim out. */
  token(claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>, key?: SigningKey): Promise<string>
  close(): Promise<void>
}

let count = 0

export async function signingKey(alg = 'ES256', kid = `key-${++count}`): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 })
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

/** Signs claims as they are. */
export function signed(claims: object, key: SigningKey, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  return new SignJWT(JSON.parse(JSON.stringify(claims)))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header } as JWTHeaderParameters)
    .sign(key.privateKey)
}

export function seconds(fromNow = 0): number {
  return Math.floor(Date.now() / 1000) + fromNow
}

export async function startIssuer(path = ''): Promise<Issuer> {
  const first = await signingKey()
  const server = createServer((request, response) => {
    setTimeout(() => void answer(issuer, request, response, path), issuer.delay)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    keys: [first],
    jwks: undefined,
    metadata: {},
    tokens: new Map(),
    grant: undefined,
    failsWith: undefined,
    missing: new Set(),
    delay: 0,
    asked: [],
    lastAuthorization: undefined,
    async rotate(keep = true) {
      const fresh = await signingKey()
      issuer.keys = keep ? [...issuer.keys, fresh] : [fresh]
      return fresh
    },
    token(claims = {}, header = {}, key = issuer.keys.at(-1)!) {
      const usual = {
        iss: issuer.url,
        aud: 'orders',
        sub: 'ada',
        client_id: 'shop',
        jti: 't1',
        iat: seconds(),
        exp: seconds(600),
      }
      return signed({ ...usual, ...claims }, key, header)
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return issuer
}

async function answer(issuer: Issuer, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const target = request.url ?? ''
  issuer.asked.push(target)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const form = new URLSearchParams(Buffer.concat(chunks).toString())
  const json = (status: number, value: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
  }
  if (issuer.failsWith !== undefined) return json(issuer.failsWith, {})
  if (issuer.missing.has(target)) return json(404, {})
  switch (target) {
    case `/.well-known/oauth-authorization-server${path}`:
    case `${path}/.well-known/openid-configuration`:
      return json(200, {
        issuer: issuer.url,
        jwks_uri: `${issuer.url}/jwks`,
        token_endpoint: `${issuer.url}/token`,
        introspection_endpoint: `${issuer.url}/introspect`,
        ...issuer.metadata,
      })
    case `${path}/jwks`:
      return json(200, issuer.jwks ?? { keys: issuer.keys.map(({ jwk }) => jwk) })
    case `${path}/introspect`:
      issuer.lastAuthorization = request.headers.authorization
      return json(200, issuer.tokens.get(form.get('token') ?? '') ?? { active: false })
    case `${path}/token`:
      issuer.lastAuthorization = request.headers.authorization
      if (issuer.grant !== undefined) {
        const { status = 200, body } = issuer.grant(form)
        return json(status, body)
      }
      return json(200, {
        access_token: await issuer.token({ scope: form.get('scope') ?? '' }),
        token_type: 'Bearer',
        expires_in: 600,
      })
    default:
      return json(404, {})
  }
}
