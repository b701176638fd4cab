const responses = { default: { description: 'anything' } }
const path = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const order = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'items'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    items: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' }, count: { type: 'integer' } } },
    },
  },
}
const limit = { rateLimit: { high: { quota: 1_000_000_000, window: '1h', by: 'address' } } }

/** A bit of everything: what is checked, limited, cached, streamed both ways, and what goes wrong upstream. */
export const soakDocument = {
  openapi: '3.1.1',
  info: { title: 'Soak', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  'x-proxy': {
    timeout: { connect: '5s', firstByte: '1s', idle: '5s', total: '10s' },
    upstreams: { default: { connection: { max: 64, keepAlive: '2s' } } },
  },
  paths: {
    '/small/{n}': { get: { operationId: 'small', parameters: [path('n')], responses, 'x-proxy': limit } },
    '/orders': {
      post: {
        operationId: 'order',
        requestBody: { required: true, content: { 'application/json': { schema: order } } },
        responses,
        'x-proxy': limit,
      },
    },
    '/cached/{n}': {
      get: { operationId: 'cached', parameters: [path('n')], responses, 'x-proxy': { cache: { ttl: '1s' } } },
    },
    '/large': {
      get: {
        operationId: 'download',
        parameters: [{ name: 'bytes', in: 'query', schema: { type: 'integer' } }],
        responses,
      },
      put: {
        operationId: 'upload',
        requestBody: { content: { 'application/octet-stream': { schema: {} } } },
        responses,
        'x-proxy': { server: { limits: { body: '4GiB' } } },
      },
    },
    '/fault/{kind}': { get: { operationId: 'fault', parameters: [path('kind')], responses } },
  },
}
