import { createHash } from 'node:crypto'
import { key, orderSchema, querySchema } from './payload.ts'

export type Variant = 'plain' | 'checked' | 'judged' | 'everything' | 'cached'

const schema = { $ref: '#/components/schemas/Order' }
const content = { 'application/json': { schema } }
const parameters = Object.entries(querySchema.properties).map(([name, property]) => ({
  name,
  in: 'query',
  required: querySchema.required.includes(name),
  schema: property,
}))

const guarded = { rateLimit: { sustained: { quota: 1_000_000_000, window: '1m' } } }

const proxies: Readonly<Record<Variant, object>> = {
  plain: { validate: { request: 'off', response: 'off' }, log: { access: 'off' } },
  checked: { ...guarded, validate: { request: 'enforce', response: 'off' }, log: { access: 'off' } },
  judged: { ...guarded, validate: { request: 'enforce', response: 'detect' }, log: { access: 'off' } },
  everything: { ...guarded, validate: { request: 'enforce', response: 'detect' } },
  cached: {
    validate: { request: 'enforce', response: 'off' },
    cache: { mode: 'ttl', ttl: '10m' },
    log: { access: 'off' },
  },
}

/** The document of one variant of the service. */
export function benchDocument(variant: Variant): object {
  const hasKey = variant !== 'plain' && variant !== 'cached'
  return {
    openapi: '3.1.1',
    info: { title: `Bench ${variant}`, version: '1' },
    servers: [{ url: 'http://127.0.0.1:9' }],
    ...(hasKey ? { security: [{ key: [] }] } : {}),
    'x-proxy': proxies[variant],
    paths: {
      '/orders': {
        get: { operationId: 'listOrders', parameters, responses: { 200: { description: 'orders', content } } },
        ...(variant === 'cached'
          ? {}
          : {
              post: {
                operationId: 'createOrder',
                requestBody: { required: true, content },
                responses: { 200: { description: 'the order', content } },
              },
            }),
      },
    },
    components: {
      schemas: { Order: orderSchema },
      securitySchemes: {
        key: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          ...(hasKey ? { 'x-proxy': { apiKey: { consumers: './bench.consumers.yaml' } } } : {}),
        },
      },
    },
  }
}

/** A consumers file with the benchmark's key. */
export function benchConsumers(): string {
  const hash = createHash('sha256').update(key).digest('hex')
  return `consumers:\n  bench:\n    keys:\n      - { sha256: "${hash}" }\n`
}
