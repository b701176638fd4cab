import type { SignatureAlgorithm } from '../../../runtime/identity/public-key.ts'
import type { jwt } from '../../../runtime/policies/jwt/jwt.ts'
import { definePolicy, type SchemeScope } from '../define.ts'
import { realmOf } from '../realm.ts'
import { seconds } from '../units.ts'
import { type KeyOptions, lowerKeys } from './keys.ts'

interface Options extends KeyOptions {
  readonly audience: string | readonly string[]
  readonly algorithms?: readonly SignatureAlgorithm[]
  readonly clockSkew?: string
  readonly require?: readonly string[]
  readonly type?: string
  readonly scopesClaim?: string
  readonly rolesClaim?: string
  readonly consumerClaim?: string
  readonly forward?: boolean
}

const text = { type: 'string', minLength: 1 } as const
const usual = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
const known = [...usual, 'Ed25519', 'RS384', 'RS512', 'PS384', 'PS512', 'ES384', 'ES512'] as const
/** Always checked: naming them in `require` changes nothing. */
const always = ['exp', 'iss', 'aud']

export default definePolicy<typeof jwt, Options>({
  name: 'jwt',
  summary: 'Verifies JSON Web Tokens given as bearer tokens.',
  levels: ['scheme'],
  options: {
    type: 'object',
    properties: {
      issuer: { ...text, description: 'The `iss` of every token, exactly.' },
      audience: {
        anyOf: [text, { type: 'array', items: text, minItems: 1, uniqueItems: true }],
        description: 'What the issuer calls this service: it must be in `aud`. Of several, any.',
      },
      jwksUri: {
        type: 'string',
        format: 'address',
        description: "The issuer's keys; learnt from its metadata where neither this nor `jwks` is given.",
      },
      jwks: {
        anyOf: [text, { type: 'object' }],
        description: 'The keys themselves: a JWK Set, or a file that holds one, relative to the document.',
      },
      algorithms: {
        type: 'array',
        items: { enum: known },
        minItems: 1,
        uniqueItems: true,
        default: usual,
        description: 'Signatures that count. Never taken from the token; `none` and HMAC cannot be had.',
      },
      clockSkew: {
        type: 'string',
        format: 'duration',
        default: '30s',
        description: 'How far clocks may differ; at most 10m.',
      },
      require: {
        type: 'array',
        items: text,
        uniqueItems: true,
        default: always,
        description: 'Claims that must be there. `exp`, `iss` and `aud` always must.',
      },
      type: {
        ...text,
        description:
          'The `typ` a token must have; `at+jwt` asks for all that RFC 9068 demands. Default: none, `JWT` or `at+jwt`.',
      },
      scopesClaim: { ...text, description: 'Where the scopes are. Default: `scope`, else `scp`.' },
      rolesClaim: { ...text, default: 'roles', description: 'Where the roles are, e.g. `realm_access.roles`.' },
      consumerClaim: { ...text, description: 'Who the consumer is. Default: `sub`, else `client_id`, else `azp`.' },
      forward: { type: 'boolean', default: false, description: 'Whether the upstream gets the token too.' },
    },
    required: ['issuer', 'audience'],
    additionalProperties: false,
  },
  instance: 'scheme',
  lower(options, scope) {
    const { scheme } = scope
    const isBearer = scheme.type === 'http' && scheme.httpScheme === 'bearer'
    if (!isBearer && scheme.type !== 'oauth2' && scheme.type !== 'openIdConnect') {
      const type = scheme.type === 'http' ? `http ${scheme.httpScheme}` : scheme.type
      const wanted = 'http bearer, oauth2 or openIdConnect'
      scope.report('verifier-unsuitable', scope.node, { verifier: 'jwt', type, wanted })
      return undefined
    }
    checkSkew(options, scope)
    const keys = lowerKeys(options, scope)
    if (keys === undefined) return undefined
    const { audience, algorithms = usual, require = [], type, scopesClaim, consumerClaim } = options
    const audiences = typeof audience === 'string' ? [audience] : audience
    return [
      {
        scheme: scheme.name,
        realm: realmOf(scope),
        keys,
        issuer: scope.setting(options.issuer, `the issuer of ${scheme.name}`),
        audience: audiences.map((one) => scope.setting(one, `the audience of ${scheme.name}`)),
        algorithms,
        clockSkew: seconds(options.clockSkew ?? '30s'),
        require: require.filter((claim) => !always.includes(claim)),
        ...(type === undefined ? {} : { type }),
        ...(scopesClaim === undefined ? {} : { scopesClaim }),
        rolesClaim: options.rolesClaim ?? 'roles',
        ...(consumerClaim === undefined ? {} : { consumerClaim }),
        forward: options.forward ?? false,
      },
    ]
  },
})

function checkSkew({ clockSkew = '30s' }: Options, scope: SchemeScope): void {
  if (seconds(clockSkew) <= 600) return
  scope.report('option-invalid', scope.node.at('clockSkew') ?? scope.node, {
    key: 'jwt.clockSkew',
    problem: 'must be at most 10m: it keeps ended tokens alive',
  })
}
