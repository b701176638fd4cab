import type { introspection } from '../../../runtime/policies/introspection/introspection.ts'
import { definePolicy } from '../define.ts'
import { isIssuerAddress } from '../issuer-address.ts'
import { realmOf } from '../realm.ts'
import { milliseconds } from '../units.ts'

interface Options {
  readonly endpoint: string
  readonly clientId: string
  readonly clientSecret: string
  readonly cache?: string
  readonly audience?: string | readonly string[]
  readonly rolesClaim?: string
  readonly consumerClaim?: string
  readonly forward?: boolean
}

const text = { type: 'string', minLength: 1 } as const

export default definePolicy<typeof introspection, Options>({
  name: 'introspection',
  summary: 'Verifies bearer tokens by asking the authorization server (RFC 7662).',
  levels: ['scheme'],
  options: {
    type: 'object',
    properties: {
      endpoint: { type: 'string', format: 'address', description: 'The introspection endpoint.' },
      clientId: { ...text, description: 'What the authorization server calls this service.' },
      clientSecret: { type: 'string', format: 'secret', description: 'Its secret.' },
      cache: {
        type: 'string',
        format: 'duration',
        default: '60s',
        description: 'How long an answer is believed; never past the end of the token.',
      },
      audience: {
        anyOf: [text, { type: 'array', items: text, minItems: 1, uniqueItems: true }],
        description: 'Must be in `aud`; of several, any. Without it the server’s word is enough.',
      },
      rolesClaim: { ...text, default: 'roles', description: 'Where the roles are.' },
      consumerClaim: {
        ...text,
        description: 'Who the consumer is. Default: `sub`, else `client_id`, else `username`.',
      },
      forward: { type: 'boolean', default: false, description: 'Whether the upstream gets the token too.' },
    },
    required: ['endpoint', 'clientId', 'clientSecret'],
    additionalProperties: false,
  },
  instance: 'scheme',
  lower(options, scope) {
    const { scheme } = scope
    if (scheme.type !== 'oauth2' && scheme.type !== 'openIdConnect' && scheme.httpScheme !== 'bearer') {
      const type = scheme.type === 'http' ? `http ${scheme.httpScheme}` : scheme.type
      const wanted = 'oauth2, openIdConnect or http bearer'
      scope.report('verifier-unsuitable', scope.node, { verifier: 'introspection', type, wanted })
      return undefined
    }
    const { endpoint, audience, consumerClaim } = options
    if (!isIssuerAddress(endpoint)) {
      const reason = `"${endpoint}" is no https address, so anybody on the way could say what they like`
      scope.report('keys-unsuitable', scope.node.at('endpoint') ?? scope.node, { reason })
      return undefined
    }
    const audiences = typeof audience === 'string' ? [audience] : audience
    return [
      {
        scheme: scheme.name,
        realm: realmOf(scope),
        endpoint: scope.setting(endpoint, `where tokens of ${scheme.name} are introspected`),
        clientId: scope.setting(options.clientId, `the client for ${scheme.name}`),
        clientSecret: scope.setting(options.clientSecret, `the client's secret for ${scheme.name}`),
        cacheMs: milliseconds(options.cache ?? '60s'),
        ...(audiences === undefined
          ? {}
          : { audience: audiences.map((one) => scope.setting(one, `the audience of ${scheme.name}`)) }),
        rolesClaim: options.rolesClaim ?? 'roles',
        ...(consumerClaim === undefined ? {} : { consumerClaim }),
        forward: options.forward ?? false,
      },
    ]
  },
})
