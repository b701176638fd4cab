import { RequestBody } from '../../core/body.ts'
import { Exchange } from '../../core/exchange.ts'
import { withoutFields } from '../../core/headers.ts'

/** What the client asked of the cache is no business of a request made behind its back. */
const directives: ReadonlySet<string> = new Set(['cache-control', 'pragma'])

/** The same request without its client: for revalidating while the client already has its answer. */
export function detached(exchange: Exchange): Exchange {
  const { operation, path, query, pathValues, address, requestId, secure, host } = exchange
  const copy = new Exchange({
    operation,
    method: 'GET',
    path,
    query,
    pathValues,
    headers: withoutFields(exchange.headers, directives),
    body: new RequestBody(undefined, 0),
    address,
    requestId,
    secure,
    host,
  })
  copy.consumer = exchange.consumer
  copy.forwarded = exchange.forwarded
  copy.timeouts = exchange.timeouts
  return copy
}
