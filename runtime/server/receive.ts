import type { IncomingMessage } from 'node:http'
import type { Answer } from '../core/answer.ts'
import { RequestBody } from '../core/body.ts'
import { Exchange } from '../core/exchange.ts'
import type { Operation } from '../core/operation.ts'
import { type Rejection, reject } from '../core/rejection.ts'
import { refuseTooLarge } from './announced-too-large.ts'
import type { Client } from './client-sight.ts'
import { matchOf } from './known-target.ts'
import type { RequestFields } from './request-fields.ts'
import { newRequestId } from './request-id.ts'
import type { RequestTarget } from './request-target.ts'
import type { Router } from './router.ts'
import type { Turn } from './turn.ts'

export interface Arrival {
  readonly exchange: Exchange
  readonly operation: Operation
}

/** Routes a request whose head has been read and judged. @throws Rejection 404, 405, 413, 417 */
export function receive(
  turn: Turn,
  routes: Router,
  target: RequestTarget,
  sorted: RequestFields,
  client: Client,
): Arrival {
  const { request } = turn
  const method = request.method!
  const { path, query } = target
  const match = matchOf(routes, target, method)
  if (match.kind === 'unknown-path') throw path.includes('//') ? emptySegment() : reject('not-found')
  if (match.kind === 'unknown-method') throw reject('method-not-allowed', { headers: ['Allow', match.allow] })
  const { pathValues } = match
  const { contentLength, expect, fields } = sorted
  let operation = match.operation.choose === undefined ? match.operation : match.operation.choose(query, fields)
  if (operation === undefined) throw reject('not-found', { detail: 'No operation of this path takes this query.' })
  turn.operation = operation
  // RFC 9112 §6.3: a request has content where its framing says so, whatever its method.
  const hasBody = sorted.isChunked || (contentLength ?? 0) > 0
  const isTooLong = contentLength !== undefined && contentLength > operation.bodyLimit
  const expectsContinue = expect !== undefined && (isTooLong || isContinue(expect, request))
  if (isTooLong) operation = refuseTooLarge(operation, contentLength, turn.content, expectsContinue)
  const body = new RequestBody(
    hasBody ? turn.content : undefined,
    operation.bodyLimit,
    hasBody ? contentLength : undefined,
    // RFC 9110 §10.1.1: asked for only once the head has passed every check that needs no body.
    hasBody && expectsContinue ? () => turn.response.writeContinue() : undefined,
  )
  fields.push('Via', request.httpVersionMinor === 0 ? '1.0 specgate' : turn.connection.via)
  // A contract that asks the caller for this field means the caller's own value.
  const requestId = operation.requestId === 'caller' ? sorted.requestId : turn.requestId
  if (requestId !== undefined) fields.push('X-Request-Id', requestId)
  for (const part of client.fields) fields.push(part)
  if (sorted.claims !== undefined && client.isBehindTrusted) fields.push(...sorted.claims)
  const exchange = new Exchange({
    operation,
    method,
    path,
    query,
    pathValues,
    headers: fields,
    body,
    address: client.address,
    requestId: turn.requestId,
    secure: client.secure,
    host: client.host,
  })
  exchange.interim = turn
  exchange.certificate = turn.connection.certificate
  return { exchange, operation }
}

/** What some servers take for one slash: unless the contract has such a path, it is an attempt to get round a rule. */
function emptySegment(): Rejection {
  return reject('bad-request', { detail: 'The path holds an empty segment.' })
}

/**
 * The answer to a preflight (Fetch §3.2.2), by what the operation that the page wants to call says of pages; undefined where
 * this is none, or that operation says nothing.
 */
export function answerPreflight(turn: Turn, routes: Router, { path, query }: RequestTarget): Answer | undefined {
  if (turn.request.method !== 'OPTIONS') return undefined
  const { headers } = turn.request
  const wanted = headers['access-control-request-method']
  if (wanted === undefined || headers.origin === undefined) return undefined
  const match = routes.find(wanted, path)
  if (match.kind !== 'operation') return undefined
  const { choose, among } = match.operation
  // What is told apart by a field that has not come yet is judged by its first.
  const operation = choose === undefined ? match.operation : (choose(query, []) ?? among?.[0])
  return operation?.cors?.preflight(headers.origin, wanted, headers['access-control-request-headers'])
}

/** A name for the request: what a trusted proxy calls it already, else a new one. */
export function requestIdOf(sorted: RequestFields, client: Client): string {
  const told = sorted.requestId
  return client.isBehindTrusted && told !== undefined && /^[\w.:+/=-]{1,128}$/.test(told) ? told : newRequestId()
}

/** RFC 9110 §10.1.1: from HTTP/1.0 the expectation is ignored; any other than this one may be refused. */
function isContinue(expect: string, { httpVersionMinor }: IncomingMessage): boolean {
  if (httpVersionMinor === 0) return false
  if (expect.toLowerCase() !== '100-continue') throw reject('expectation-failed')
  return true
}

/**
 * RFC 9110 §7.6.2: an OPTIONS that may go no further is answered here; else one step is taken off. Other methods
 * ignore the field.
 */
export function spendForward(method: string, sorted: RequestFields): 'answer-here' | 'go-on' {
  const { maxForwards } = sorted
  if (maxForwards === undefined) return 'go-on'
  if (method === 'OPTIONS' && /^\d{1,9}$/.test(maxForwards)) {
    if (Number(maxForwards) === 0) return 'answer-here'
    sorted.fields.push('Max-Forwards', String(Number(maxForwards) - 1))
  } else {
    sorted.fields.push('Max-Forwards', maxForwards)
  }
  return 'go-on'
}
