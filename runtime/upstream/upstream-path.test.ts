import { describe, expect, test } from 'vitest'
import type { Exchange } from '../core/exchange.ts'
import { upstreamPath } from './upstream-path.ts'

const exchange = (path: string, query = '', ...pathValues: string[]) =>
  ({ path, query, pathValues }) as unknown as Exchange

describe('upstreamPath', () => {
  test.each([
    ['', '/x/7', '', '', '/x/7'],
    ['', '/x/7', 'a=1&b', '', '/x/7?a=1&b'],
    ['/v2', '/v2/x', '', '/api', '/api/x'],
    ['/v2', '/v2/x%20y', 'q', '', '/x%20y?q'],
    ['/v2', '/v2', '', '', '/'],
    ['/v2', '/v2', 'q', '', '/?q'],
    ['/v2', '/v2', '', '/api', '/api'],
    ['/v2', '/v2/', '', '/api', '/api/'],
    ['/v2/', '/v2/x', '', '/api', '/api/x'],
    ['/a/v2', '/%61/v2/x%2D', '', '/api', '/api/x%2D'],
  ])('public base %s: %s ? %s on %s → %s', (base, path, query, targetBase, expected) => {
    expect(upstreamPath('/x', base, undefined)(exchange(path, query), targetBase)).toBe(expected)
  })

  test.each([
    ['/soap/invoice?id={invoiceId}', '', '/erp', '/erp/soap/invoice?id=7'],
    ['/soap/invoice?id={invoiceId}', 'full=1', '', '/soap/invoice?id=7&full=1'],
    ['/legacy/{other}/{invoiceId}.xml', '', '', '/legacy/b%20c/7.xml'],
    ['/fixed', 'a=1', '', '/fixed?a=1'],
  ])('own template %s with ?%s on %s → %s', (own, query, targetBase, expected) => {
    const pathOf = upstreamPath('/invoices/{invoiceId}/{other}', '', own)
    expect(pathOf(exchange('/invoices/7/b%20c', query, '7', 'b%20c'), targetBase)).toBe(expected)
  })

  test('a path value cannot break out of its place in a query', () => {
    const pathOf = upstreamPath('/i/{id}', '', '/soap?id={id}&mode=read')
    expect(pathOf(exchange('/i/x', '', '7&mode=write;a=1+1'), '')).toBe(
      '/soap?id=7%26mode%3Dwrite%3Ba%3D1%2B1&mode=read',
    )
  })
})
