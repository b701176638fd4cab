import { describe, expect, it, test } from 'vitest'
import type { Operation } from '../core/operation.ts'
import { router } from './router.ts'

const named = (id: string, method = 'GET'): Operation => ({ id, method, path: '', bodyLimit: 0, handle: () => never() })
function never(): never {
  throw new Error('not called')
}
const table = (...paths: string[]) => router(Object.fromEntries(paths.map((path) => [path, { GET: named(path) }])))
const found = (routes: ReturnType<typeof router>, path: string, method = 'GET') => {
  const match = routes.find(method, path)
  return match.kind === 'operation' ? [match.operation.id, ...match.pathValues] : match.kind
}

describe('router', () => {
  const routes = table(
    '/',
    '/orders',
    '/orders/',
    '/orders/{id}',
    '/orders/mine',
    '/orders/mine/open',
    '/orders/{id}/lines/{line}',
    '/orders/{id}:cancel',
    '/files/{name}.{format}',
    '/files/{name}',
    '/files/readme.md',
    '/v{major}/x',
    '/between/{from}-{to}',
    '/café au lait/{x}',
    '/a/{b}/c/d',
    '/a/b/{c}/e',
  )

  test.each([
    ['/', ['/']],
    ['/orders', ['/orders']],
    ['/orders/', ['/orders/']],
    ['/orders/7', ['/orders/{id}', '7']],
    ['/orders/mine', ['/orders/mine']],
    ['/orders/mine/open', ['/orders/mine/open']],
    ['/orders/mine/lines/3', ['/orders/{id}/lines/{line}', 'mine', '3']],
    ['/orders/7:cancel', ['/orders/{id}:cancel', '7']],
    ['/orders/%207', ['/orders/{id}', '%207']],
    ['/files/a.b.c', ['/files/{name}.{format}', 'a', 'b.c']],
    ['/files/plain', ['/files/{name}', 'plain']],
    ['/files/.x', ['/files/{name}', '.x']],
    ['/files/readme.md', ['/files/readme.md']],
    ['/v2/x', ['/v{major}/x', '2']],
    ['/between/1-2-3', ['/between/{from}-{to}', '1', '2-3']],
    ['/caf%C3%A9%20au%20lait/1', ['/café au lait/{x}', '1']],
    ['/caf%c3%a9%20au%20lait/1', ['/café au lait/{x}', '1']],
    ['/a/b/c/d', ['/a/{b}/c/d', 'b']],
    ['/a/b/c/e', ['/a/b/{c}/e', 'c']],
    ['/%6frders/7', ['/orders/{id}', '7']],
    ['/orders/%6Dine', ['/orders/mine']],
  ])('finds %s', (path, expected) => {
    expect(found(routes, path)).toEqual(expected)
  })

  test.each([
    '/orders//',
    '/Orders',
    '/order',
    '/orders/7/',
    '/orders/7/lines',
    '/orders/7/lines/',
    '/v/x',
    '/between/-1',
  ])('does not know %s', (path) => {
    expect(found(routes, path)).toBe('unknown-path')
  })

  it('serves HEAD by GET, and tells what a path allows', () => {
    const routes = router({
      '/x': { POST: named('post', 'POST'), GET: named('get') },
      '/y': { PUT: named('put', 'PUT') },
    })
    expect(found(routes, '/x', 'HEAD')).toEqual(['get'])
    expect(routes.find('DELETE', '/x')).toEqual({ kind: 'unknown-method', allow: 'POST, GET, HEAD' })
    expect(routes.find('HEAD', '/y')).toEqual({ kind: 'unknown-method', allow: 'PUT' })
    expect(routes.find('OPTIONS', '/y')).toEqual({ kind: 'unknown-method', allow: 'PUT' })
    expect(routes.methods.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST', 'PUT'])
  })

  it('takes templates of one shape for one path, each with methods of its own', () => {
    const routes = router({
      '/a/{id}': { GET: named('get') },
      '/a/{name}/b': { GET: named('inner') },
      '/a/{name}': { DELETE: named('delete', 'DELETE') },
    })
    expect(found(routes, '/a/1')).toEqual(['get', '1'])
    expect(found(routes, '/a/1', 'DELETE')).toEqual(['delete', '1'])
    expect(found(routes, '/a/1/b')).toEqual(['inner', '1'])
    expect(routes.find('PUT', '/a/1')).toEqual({ kind: 'unknown-method', allow: 'GET, HEAD, DELETE' })
  })

  it('never serves TRACE, declared or not', () => {
    const routes = router({ '/x': { GET: named('get'), TRACE: named('trace', 'TRACE') } })
    expect(routes.find('TRACE', '/x')).toEqual({ kind: 'unknown-method', allow: 'GET, HEAD' })
  })

  it('knows paths and methods called like members of objects', () => {
    const routes = table('/__proto__', '/constructor/{toString}')
    expect(found(routes, '/__proto__')).toEqual(['/__proto__'])
    expect(found(routes, '/constructor/x')).toEqual(['/constructor/{toString}', 'x'])
    expect(found(routes, '/toString')).toBe('unknown-path')
    expect(routes.find('constructor', '/__proto__').kind).toBe('unknown-method')
  })

  it('meets each node once, however many siblings lead nowhere', () => {
    const deep = Array.from(
      { length: 16 },
      (_, i) =>
        `/${Array(16)
          .fill('a')
          .map((a, j) => (j < i ? a : '{v}'))
          .join('/')}/end${i}`,
    )
    const routes = table(...deep)
    for (let i = 0; i < 1_000; i++) expect(found(routes, `${'/a'.repeat(16)}/nowhere`)).toBe('unknown-path')
  })
})
