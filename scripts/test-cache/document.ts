/**
 * The document that http-tests/cache-tests needs of a proxy: everything below `/test` cached as the upstream says, its
 * control requests not; undeclared queries and fields forwarded, no answer judged.
 */
export function suiteDocument(): object {
  const responses = { default: { description: 'any' } }
  const uuid = { name: 'uuid', in: 'path', required: true, schema: { type: 'string' } }
  const file = { ...uuid, name: 'file' }
  const requestBody = { content: { '*/*': { schema: {} } } }
  const withBody = new Set(['post', 'put', 'patch', 'delete'])
  const operations = (name: string): object => ({
    ...Object.fromEntries(
      ['get', 'head', 'post', 'put', 'delete', 'patch', 'options'].map((method) => [
        method,
        { operationId: `${name}-${method}`, responses, ...(withBody.has(method) ? { requestBody } : {}) },
      ]),
    ),
    additionalOperations: { 'M-SEARCH': { operationId: `${name}-search`, responses } },
    'x-proxy': { cache: {} },
  })
  return {
    openapi: '3.2.0',
    info: { title: 'cache-tests', version: '1' },
    servers: [{ url: 'http://127.0.0.1:1' }],
    'x-proxy': {
      name: 'cache-tests',
      validate: { request: 'off', response: 'off', unknown: { query: 'pass', header: 'pass' } },
    },
    paths: {
      '/config/{uuid}': { parameters: [uuid], put: { operationId: 'config', requestBody, responses } },
      '/state/{uuid}': { parameters: [uuid], get: { operationId: 'state', responses } },
      '/test/{uuid}': { parameters: [uuid], ...operations('test') },
      '/test/{uuid}/{file}': { parameters: [uuid, file], ...operations('file') },
    },
  }
}
