import { expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { removeIdentity } from './remove-identity.ts'

it('removes every copy, however it is spelt, and nothing else', () => {
  const headers = [
    'X-Consumer',
    '1',
    'x',
    '2',
    'x-consumer',
    '3',
    'X_CONSUMER',
    '4',
    'X-Consumers',
    '5',
    'X-Tenant',
    '6',
    'Y-Consumer',
    '7',
  ]
  const exchange = exchangeOf({ headers })
  removeIdentity({ names: ['x-consumer', 'x-tenant'] })(() => ({ status: 200, headers: [], body: null }))(exchange)
  expect(exchange.headers).toEqual(['x', '2', 'X-Consumers', '5', 'Y-Consumer', '7'])
  expect(headers).toHaveLength(14)
})
