import { expect, test } from 'vitest'
import { RequestBody } from '../../core/body.ts'
import { Exchange } from '../../core/exchange.ts'
import type { Fields } from '../../core/headers.ts'
import { cacheInvalidation } from './cache-invalidation.ts'

async function forgotten(status: number, headers: Fields = [], path = '/orders'): Promise<string[]> {
  const paths: string[] = []
  const store = {
    forget: (change: { secure: boolean; host: string; paths: readonly string[] }) =>
      void paths.push(...change.paths.map((path) => `${change.secure} ${change.host}${path}`)),
  }
  const exchange = new Exchange({
    operation: { id: 'a', method: 'POST', path: '/orders' },
    method: 'POST',
    path,
    query: 'dry=1',
    pathValues: [],
    headers: [],
    body: new RequestBody(undefined, 0),
    address: '192.0.2.1',
    requestId: 'r',
    secure: true,
    host: 'api.example',
  })
  const answer = await cacheInvalidation({ store })(async () => ({ status, headers, body: null }))(exchange)
  expect(answer.status).toBe(status)
  return paths
}

const target = 'true api.example/orders'

test.each([
  [200, [target]],
  [204, [target]],
  [303, [target]],
  [400, []],
  [404, []],
  [500, []],
])('after a %i', async (status, expected) => {
  expect(await forgotten(status)).toEqual(expected)
})

test.each([
  ['/orders/7', ['true api.example/orders/7']],
  ['orders/7?x=1', ['true api.example/orders/7']],
  ['https://api.example/orders/7', ['true api.example/orders/7']],
  ['https://other.example/orders/7', []],
  ['http://api.example/orders/7', []],
  ['https://[', []],
])('Location: %s', async (location, expected) => {
  expect(await forgotten(201, ['Location', location])).toEqual([target, ...expected])
  expect(await forgotten(201, ['Content-Location', location])).toEqual([target, ...expected])
})

test('a path in another spelling', async () => {
  expect(await forgotten(200, [], '/orders/%37%2f%2D%41%5a%7E%5B')).toEqual([
    'true api.example/orders/%37%2f%2D%41%5a%7E%5B',
    'true api.example/orders/7%2f-AZ~%5B',
  ])
})
