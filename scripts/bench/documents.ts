import { createHash } from 'node:crypto'
import { key, orderSchema, querySchema } from './payload.ts'
import { audience, issuer, keySet } from './token.ts'

export const variants = [
  'plain',
  'checked',
  'judged',
  'everything',
  'cached',
  'keyed',
  'tokened',
  'limited',
  'five',
  'many',
] as const
export type Variant = (typeof variants)[number]

const schema = { $ref: '#/components/schemas/Order' }
const content = { 'application/json': { schema } }
const bytes = { 'application/octet-stream': {} }
const parameters = Object.entries(querySchema.properties).map(([name, property]) => ({
  name,
  in: 'query',
  required: querySchema.required.includes(name),
  schema: property,
}))

const bare = { validate: { request: 'off', response: 'off' }, log: { access: 'off' } }
const guarded = { rateLimit: { sustained: { quota: 1_000_000_000, window: '1m' } } }
const checked = { validate: { request: 'enforce', response: 'off' }, log: { access: 'off' } }

const proxies: Readonly<Record<Variant, object>> = {
  plain: bare,
  checked: { ...guarded, ...checked },
  judged: { ...guarded, validate: { request: 'enforce', response: 'detect' }, log: { access: 'off' } },
  everything: { ...guarded, validate: { request: 'enforce', response: 'detect' } },
  cached: { ...checked, cache: { mode: 'ttl', ttl: '10m' } },
  keyed: bare,
  tokened: bare,
  limited: { ...bare, ...guarded },
  five: checked,
  many: checked,
}

const keyed: ReadonlySet<Variant> = new Set<Variant>(['checked', 'judged', 'everything', 'keyed'])
const operationCounts: { readonly [name in Variant]?: number } = { five: 5, many: 2_000 }

/** The document of one variant of the service. */
export function benchDocument(variant: Variant): object {
  const scheme = variant === 'tokened' ? 'token' : keyed.has(variant) ? 'key' : undefined
  const count = operationCounts[variant]
  return {
    openapi: '3.1.1',
    info: { title: `Bench ${variant}`, version: '1' },
    servers: [{ url: 'http://127.0.0.1:9' }],
    ...(scheme === undefined ? {} : { security: [{ [scheme]: [] }] }),
    'x-proxy': proxies[variant],
    paths: count === undefined ? paths(variant === 'cached') : manyPaths(count),
    components: { schemas: { Order: orderSchema }, securitySchemes: schemes(scheme) },
  }
}

function paths(isCached: boolean): object {
  const get = { operationId: 'listOrders', parameters, responses: { 200: { description: 'orders', content } } }
  if (isCached) return { '/orders': { get } }
  return {
    '/orders': {
      get,
      post: {
        operationId: 'createOrder',
        requestBody: { required: true, content },
        responses: { 200: { description: 'the order', content } },
      },
    },
    '/documents': {
      get: { operationId: 'readDocument', responses: { 200: { description: 'a document', content: bytes } } },
      post: {
        operationId: 'writeDocument',
        requestBody: { required: true, content: bytes },
        responses: { 200: { description: 'a document', content: bytes } },
      },
    },
  }
}

/** Paths of which the first is asked for; one in forty begins alike. */
function manyPaths(count: number): object {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } }
  const item = (index: number): object => ({
    get: {
      operationId: `readThing${index}`,
      parameters: [id, ...parameters],
      responses: { 200: { description: 'a thing' } },
    },
  })
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`/area${index % 40}/things${index}/{id}/orders`, item(index)]),
  )
}

function schemes(used: 'key' | 'token' | undefined): object {
  if (used === 'token') {
    return { token: { type: 'http', scheme: 'bearer', 'x-proxy': { jwt: { issuer, audience, jwks: keySet } } } }
  }
  const verified = used === 'key' ? { 'x-proxy': { apiKey: { consumers: './bench.consumers.yaml' } } } : {}
  return { key: { type: 'apiKey', in: 'header', name: 'X-API-Key', ...verified } }
}

/** A consumers file with the benchmark's key. */
export function benchConsumers(): string {
  const hash = createHash('sha256').update(key).digest('hex')
  return `consumers:\n  bench:\n    keys:\n      - { sha256: "${hash}" }\n`
}
