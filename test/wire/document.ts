const methods = ['get', 'head', 'post', 'put', 'delete', 'options', 'patch']
const withBody = new Set(['post', 'put', 'patch', 'delete'])
const responses = { default: { description: 'anything' } }
const requestBody = { content: { '*/*': { schema: {} } } }

/** Every method on these paths, with any body: a proxy that does nothing but forward. */
export function forwardingDocument(...paths: readonly string[]): object {
  return {
    openapi: '3.1.1',
    info: { title: 'Wire', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    paths: Object.fromEntries(paths.map((path) => [path, item(path)])),
  }
}

function item(path: string): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const prefix = path.replaceAll(/\W+/g, '_')
  const operations = methods.map((method) => [
    method,
    { operationId: `${method}${prefix}`, responses, ...(withBody.has(method) ? { requestBody } : {}) },
  ])
  return { ...(parameters.length === 0 ? {} : { parameters }), ...Object.fromEntries(operations) }
}
