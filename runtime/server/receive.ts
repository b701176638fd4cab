import type { IncomingMessage, ServerResponse } from 'node:http'
import { RequestBody } from '../core/body.ts'
import { Exchange } from '../core/exchange.ts'
import type { Operation } from '../core/operation.ts'
import { reject } from '../core/rejection.ts'
import type { ClientSight } from './client-sight.ts'
import { checkHost } from './host.ts'
import type { RequestFields } from './request-fields.ts'
import type { RequestTarget } from './request-target.ts'
import type { Router } from './router.ts'

export interface Arrival {
  readonly exchange: Exchange
  readonly operation: Operation
}

/** Routes a request whose target and fields have been read. @throws Rejection 400, 404, 405, 413 */
export function receive(
  request: IncomingMessage,
  response: ServerResponse,
  target: RequestTarget,
  sorted: RequestFields,
  requestId: string,
  routes: Router,
  sight: ClientSight,
): Arrival {
  const asked = checkHost(sorted.host, target.authority, request.httpVersion)
  const method = request.method!
  const match = routes.find(method, target.path)
  if (match.kind === 'unknown-path') throw reject('not-found')
  if (match.kind === 'unknown-method') throw reject('method-not-allowed', { headers: ['Allow', match.allow] })
  const { operation } = match
  if (sorted.contentLength !== undefined && sorted.contentLength > operation.bodyLimit)
    throw reject('content-too-large')
  const hasBody = sorted.isChunked || (sorted.contentLength ?? 0) > 0
  const expectsContinue = sorted.expect !== undefined && checkExpectation(sorted.expect)
  const client = sight(request.socket, sorted, asked)
  const { fields } = sorted
  fields.push('Via', `${request.httpVersion} specgate`, 'X-Request-Id', requestId)
  for (const part of client.fields) fields.push(part)
  const exchange = new Exchange({
    operation,
    method,
    path: target.path,
    query: target.query,
    pathValues: match.pathValues,
    headers: fields,
    body: new RequestBody(
      hasBody ? request : undefined,
      operation.bodyLimit,
      hasBody ? sorted.contentLength : undefined,
      // RFC 9110 §10.1.1: asked for only once the head has passed every check that does not need the body.
      expectsContinue ? () => response.writeContinue() : undefined,
    ),
    address: client.address,
    requestId,
    secure: client.secure,
    host: client.host,
  })
  return { exchange, operation }
}

function checkExpectation(expect: string): boolean {
  if (expect.toLowerCase() !== '100-continue') throw reject('expectation-failed')
  return true
}
