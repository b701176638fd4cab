import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { camelCase, constantCase, identifier, kebabCase, Names } from './names.ts'

describe('names', () => {
  test.each([
    ['getOrder', 'getOrder', 'get-order', 'GET_ORDER'],
    ['get_order-by id', 'getOrderById', 'get-order-by-id', 'GET_ORDER_BY_ID'],
    ['HTTPServer', 'httpServer', 'http-server', 'HTTP_SERVER'],
    ['orders/list', 'ordersList', 'orders-list', 'ORDERS_LIST'],
    ['Größe', 'groE', 'gro-e', 'GRO_E'],
  ])('%s', (text, camel, kebab, constant) => {
    expect(camelCase(text)).toBe(camel)
    expect(kebabCase(text)).toBe(kebab)
    expect(constantCase(text)).toBe(constant)
  })

  test('an identifier is one, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(identifier(text, 'operation')).toMatch(/^[A-Za-z_$][A-Za-z0-9_$]*$/)
      }),
    )
  })

  test('names handed out differ also where case is ignored, and none is a keyword', () => {
    const names = new Names()
    expect(names.claim('getOrder')).toBe('getOrder')
    expect(names.claim('GetOrder')).toBe('GetOrder2')
    expect(names.claim('getorder')).toBe('getorder3')
    expect(names.claim('delete')).toBe('delete_')
    expect(names.claim('delete')).toBe('delete2')
  })
})
