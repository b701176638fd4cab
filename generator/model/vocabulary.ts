import { healthCheckOptions } from './health-check-options.ts'
import type { JsonObject } from './json.ts'
import { upstreamAuthOptions } from './upstream-auth-options.ts'

/** Where an `x-proxy` key may stand. */
export type VocabularyLevel = 'document' | 'path' | 'operation' | 'scheme' | 'schema'

/** A key of `x-proxy` that is no policy's: the compiler reads it itself. Policies bring their keys with them. */
export interface VocabularyKey {
  readonly key: string
  readonly summary: string
  readonly levels: readonly VocabularyLevel[]
  /** JSON Schema of the value; `format` may be `duration`, `size`, `share`, `secret` or `setting`. */
  readonly options: JsonObject
}

const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
})

/** Who says the one says the other as well. */
const whoever = (one: string, other: string): JsonObject => ({
  if: { required: [one] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: [other] },
})

const text: JsonObject = { type: 'string', minLength: 1 }
const size: JsonObject = { type: 'string', format: 'size' }
const duration: JsonObject = { type: 'string', format: 'duration' }
const count: JsonObject = { type: 'integer', minimum: 1 }
const port: JsonObject = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 65535 },
    { type: 'string', format: 'setting' },
  ],
}
const listen: JsonObject = { host: text, port }

const pemFile: JsonObject = { type: 'string', format: 'pem-file' }
/** YAML reads 1.3 as a number. */
const tlsVersion: JsonObject = { enum: ['1.2', '1.3', 1.2, 1.3], default: '1.2' }
const http2: JsonObject = {
  enum: ['auto', true, false],
  default: false,
  description: 'HTTP/2 to the upstream: `auto` where it offers it (ALPN), `true` always, over `http:` too.',
}

/** What one upstream says, in `upstreams.<name>` and `components.x-proxy.upstreams.<name>`. */
export const upstreamOptions: JsonObject = object({
  targets: {
    type: 'object',
    minProperties: 1,
    additionalProperties: object(
      {
        url: { type: 'string', format: 'address' },
        weight: { type: 'integer', minimum: 1, maximum: 1000 },
        backup: { type: 'boolean' },
      },
      ['url'],
    ),
  },
  connection: object({ max: count, keepAlive: duration, http2 }),
  tls: {
    ...object({
      ca: {
        ...pemFile,
        description: 'Authorities of the upstream (PEM). Default: those Node knows. `UPSTREAM_<NAME>_CA` names others.',
      },
      cert: {
        ...pemFile,
        description: 'What the service shows the upstream of itself. `UPSTREAM_<NAME>_CERT` names another.',
      },
      key: { ...pemFile, description: 'Its private key. `UPSTREAM_<NAME>_KEY` names another.' },
      serverName: {
        type: 'string',
        pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$',
        description: "The name in the upstream's certificate, where it is not that of its address (also for SNI).",
      },
      verify: {
        type: 'boolean',
        default: true,
        description: 'False: nobody checks who answers. Said by the compiler and at every start.',
      },
      minVersion: { ...tlsVersion, description: 'The oldest version of TLS.' },
    }),
    allOf: [whoever('cert', 'key'), whoever('key', 'cert')],
  },
  healthCheck: healthCheckOptions,
  auth: upstreamAuthOptions,
})

/** What `components.x-proxy.stores.<name>` says: where state is kept that instances share. `memory` needs no url. */
export const storeOptions: JsonObject = {
  ...object({ type: { enum: ['memory', 'redis'] }, url: { type: 'string', format: 'secret' } }, ['type']),
  if: { properties: { type: { const: 'redis' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['url'] },
}

export const vocabulary: readonly VocabularyKey[] = [
  {
    key: 'version',
    summary: 'The version of this vocabulary.',
    levels: ['document'],
    options: { const: 1 },
  },
  {
    key: 'name',
    summary: 'The service: its folder under `generated/`, its name in logs. Default: the name of the file.',
    levels: ['document'],
    options: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' },
  },
  {
    key: 'basePath',
    summary: 'What stands before every path. Default: the path of the first server.',
    levels: ['document'],
    options: { type: 'string', pattern: '^(/[^?#\\s]*)?$' },
  },
  {
    key: 'use',
    summary: 'Groups of `components.x-proxy.policies` that apply here.',
    levels: ['document', 'path', 'operation'],
    options: { type: 'array', items: text, uniqueItems: true },
  },
  {
    key: 'visibility',
    summary: 'Whether an operation is served and shown: `hidden` is served only, `internal` is neither.',
    levels: ['path', 'operation'],
    options: { enum: ['public', 'internal', 'hidden'] },
  },
  {
    key: 'server',
    summary: 'The listener, its limits, the admin listener and the end of its life.',
    levels: ['document'],
    options: object({
      listen: object(listen),
      tls: object(
        {
          cert: {
            ...pemFile,
            description: 'The certificate with its chain (PEM), relative to the document; `TLS_CERT` names another.',
          },
          key: { ...pemFile, description: 'Its private key (PEM, without a passphrase); `TLS_KEY` names another.' },
          clientCa: { ...pemFile, description: 'Authorities of client certificates; `TLS_CLIENT_CA` names others.' },
          clientAuth: {
            enum: ['none', 'request', 'require'],
            description:
              'Whether clients are asked for a certificate, and whether one without gets in. Default: `request` where an authority or an `mtls` scheme is there, else `none`.',
          },
          minVersion: { ...tlsVersion, description: 'The oldest version of TLS.' },
        },
        ['cert', 'key'],
      ),
      trustedProxies: { type: 'array', items: { type: 'string', format: 'cidr' } },
      limits: object({
        headers: size,
        url: size,
        body: size,
        jsonDepth: count,
        arrayItems: count,
        multipartParts: count,
        connections: count,
        inFlight: count,
        eventLoopDelay: duration,
      }),
      admin: object({ ...listen, metrics: { type: 'boolean' }, purge: { type: 'boolean' } }),
      shutdown: object({ drain: duration }),
    }),
  },
  {
    key: 'server',
    summary: 'The limit of bodies sent to these operations.',
    levels: ['path', 'operation'],
    options: object({ limits: object({ body: size }) }),
  },
  {
    key: 'upstreams',
    summary: 'Where requests go, by name; `default` is meant where nothing is said.',
    levels: ['document'],
    options: {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]*$' },
      additionalProperties: upstreamOptions,
    },
  },
  {
    key: 'upstream',
    summary: 'The upstream of these operations; on an operation also the path and method it is called with.',
    levels: ['document', 'path', 'operation'],
    options: {
      anyOf: [
        text,
        object({
          name: text,
          path: { type: 'string', pattern: '^/' },
          method: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
        }),
      ],
    },
  },
  {
    key: 'consumers',
    summary: 'Plans: what consumers of a plan get instead of the limits written elsewhere.',
    levels: ['document'],
    options: {
      type: 'object',
      additionalProperties: object({
        rateLimit: {
          type: 'object',
          additionalProperties: object({ quota: count, window: duration, cost: count, burst: count }),
        },
        quota: {
          type: 'object',
          additionalProperties: object({ quota: count, window: { enum: ['day', 'week', 'month'] }, cost: count }),
        },
      }),
    },
  },
  {
    key: 'visibleTo',
    summary: 'Roles: the property is in answers only for callers who have one of them (`sanitize`).',
    levels: ['schema'],
    options: { type: 'array', items: text, minItems: 1, uniqueItems: true },
  },
  {
    key: 'sensitive',
    summary: 'What stands in the log for values of this schema: `***`, a keyed digest, or nothing.',
    levels: ['schema'],
    options: { enum: ['mask', 'hash', 'drop'] },
  },
]

/** The groups of `components.x-proxy`. */
export const reusableGroups = ['policies', 'upstreams', 'stores', 'consumers'] as const

/**
 * The rest of the vocabulary: named and described, not built. Refused by name, so that nobody believes in a protection
 * that is not there. `*` is a name of the author's. What a policy has learnt meanwhile counts as built.
 */
export const notBuiltYet: readonly string[] = [
  'server.admin.console',
  ...['loadBalancing', 'healthCheck.passive', 'egress', 'redirects'].map((key) => `upstreams.*.${key}`),
  'upstreams.*.connection.dnsTtl',
  ...['timeout', 'retry', 'circuitBreaker'],
  ...['request', 'response', 'unknown', 'undeclaredStatus', 'contentType', 'formats', 'details', 'maxErrors'].map(
    (key) => `validate.${key}`,
  ),
  ...['apiKey', 'jwt', 'introspection', 'basic', 'authorize', 'identityHeaders'],
  'apiKey.hash',
  'apiKey.forward',
  'rateLimit',
  ...['by', 'algorithm', 'cost', 'burst', 'store', 'onStoreError', 'headers'].map((key) => `rateLimit.*.${key}`),
  ...['cors', 'cache'],
  ...['mode', 'ttl', 'staleWhileRevalidate', 'staleIfError', 'key', 'coalesce', 'maxBody'].map((key) => `cache.${key}`),
  ...['store', 'tags', 'invalidate', 'status'].map((key) => `cache.${key}`),
  ...['query', 'headers', 'consumer'].map((key) => `cache.key.${key}`),
  ...['xmlToJson', 'sanitize', 'compress', 'mock'],
  ...['unwrap', 'unknown', 'int64', 'emptyArrays'].map((key) => `xmlToJson.${key}`),
  ...['log', 'metrics', 'trace', 'meter', 'docs', 'deprecation', 'websocket'],
  ...['access', 'sample', 'redact'].map((key) => `log.${key}`),
  'visibleTo',
]
