import { RequestBody } from '../../runtime/core/body.ts'
import { Exchange, type ExchangeStart } from '../../runtime/core/exchange.ts'

/** An exchange for unit tests: a GET without anything, and what the test says differs. */
export function exchangeOf(start: Partial<ExchangeStart> = {}): Exchange {
  return new Exchange({
    operation: { id: 'test', method: 'GET', path: '/test' },
    method: 'GET',
    path: '/test',
    query: '',
    pathValues: [],
    headers: [],
    body: new RequestBody(undefined, 1024),
    address: '192.0.2.1',
    requestId: '00000000-0000-4000-8000-000000000000',
    secure: false,
    host: 'api.example',
    ...start,
  })
}
