import { expect, test } from 'vitest'
import type { Exchange } from '../core/exchange.ts'
import { publicLocation } from './public-location.ts'

const targets = [{ origin: 'http://erp.internal:9000', basePath: '/api/v2' }]
const relocate = publicLocation(targets, '/v2')
const exchange = { secure: true, host: 'shop.example' } as Exchange

test.each([
  ['http://erp.internal:9000/api/v2/orders/7?a=1#f', 'https://shop.example/v2/orders/7?a=1#f'],
  ['HTTP://ERP.INTERNAL:9000/api/v2/orders', 'https://shop.example/v2/orders'],
  ['//erp.internal:9000/api/v2/orders', 'https://shop.example/v2/orders'],
  ['https://erp.internal:9000/api/v2/orders', 'https://shop.example/v2/orders'],
  ['http://erp.internal:9000/login', 'https://shop.example/login'],
  ['http://user:pass@erp.internal:9000/api/v2/x', 'https://shop.example/v2/x'],
  ['/api/v2/orders/7', '/v2/orders/7'],
  ['/api/v2', '/v2'],
  ['/api/v2?x', '/v2?x'],
  ['/api/v2000', '/api/v2000'],
  ['7', '7'],
  ['../other', '../other'],
  ['?page=2', '?page=2'],
  ['https://id.example/login', 'https://id.example/login'],
  ['not a url at all:', 'not a url at all:'],
])('%s → %s', (location, expected) => {
  expect(relocate(location, exchange)).toBe(expected)
})

test('without base paths a path stays as it is', () => {
  expect(publicLocation([{ origin: 'http://a', basePath: '' }], '')('/x', exchange)).toBe('/x')
})
