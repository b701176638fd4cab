import type { JsonObject } from './json.ts'

const text = { type: 'string', minLength: 1 } as const
const secret = { type: 'string', format: 'secret' } as const

/** What the service shows an upstream in place of the caller's credentials: one of these. */
export const upstreamAuthOptions: JsonObject = {
  type: 'object',
  properties: {
    apiKey: {
      type: 'object',
      properties: {
        in: { enum: ['header', 'query', 'cookie'], default: 'header', description: 'Where the key is put.' },
        name: {
          type: 'string',
          pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
          description: 'Of the field, the query parameter or the cookie.',
        },
        value: { ...secret, description: 'The key.' },
      },
      required: ['name', 'value'],
      additionalProperties: false,
    },
    basic: {
      type: 'object',
      properties: {
        username: { ...text, description: 'The user (RFC 7617).' },
        password: { ...secret, description: 'The password.' },
      },
      required: ['username', 'password'],
      additionalProperties: false,
    },
    bearer: {
      type: 'object',
      properties: { token: { ...secret, description: 'A token that does not change.' } },
      required: ['token'],
      additionalProperties: false,
    },
    clientCredentials: {
      type: 'object',
      properties: {
        tokenUrl: {
          type: 'string',
          format: 'address',
          description: 'The token endpoint (RFC 6749 §4.4); https, or this machine.',
        },
        clientId: { ...text, description: 'What the authorization server calls the service.' },
        clientSecret: { ...secret, description: 'Its secret.' },
        scopes: {
          type: 'array',
          items: { type: 'string', pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' },
          uniqueItems: true,
          description: 'The scopes that are asked for.',
        },
        audience: { ...text, description: 'Who the token is for, where the server asks for it.' },
        resource: { ...text, description: 'The same by RFC 8707.' },
        credentialsIn: {
          enum: ['header', 'body'],
          default: 'header',
          description: 'How the client shows who it is: HTTP Basic, or in the form.',
        },
      },
      required: ['tokenUrl', 'clientId', 'clientSecret'],
      additionalProperties: false,
    },
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
}
