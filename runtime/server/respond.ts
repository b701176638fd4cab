import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { type Answer, isStreamed, type TrailedBody } from '../core/answer.ts'
import type { Exchange } from '../core/exchange.ts'
import { type Fields, isField, withoutField } from '../core/headers.ts'
import { ClientResponse } from './client-response.ts'
import { writeAnswer } from './write-answer.ts'

/**
 * Up to this many bytes a body is joined to the head as text (latin1 keeps every byte) and goes out in one plain write:
 * 7 % less CPU per answer of 1 KiB than head and bytes by `writev`. Long ones are cheaper as they are.
 */
const joinedUpTo = 16 * 1024

/** How much of an unread request body is worth reading so that the connection can be used again. */
const drainable = 64 * 1024
/** For bodies longer than that: how long their bytes are thrown away so that the client can read its answer, in ms. */
const lingerFor = 2_000

const none: Fields = []

export interface Reply {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly exchange: Exchange | undefined
  bytes: number
}

/**
 * Writes an answer.
 * @param close the connection ends with it
 * @param done called once: all was handed to the socket, or the answer was cut off
 */
export function respond(reply: Reply, answer: Answer, close: boolean, done: (isComplete: boolean) => void): void {
  const { request, response, exchange } = reply
  const { status, body } = answer
  const isBodiless = request.method === 'HEAD' || status === 204 || status === 304
  const lingers = !request.complete && hasUnreadBody(request, exchange)
  if (!isBodiless && !close && !lingers && Buffer.isBuffer(body) && body.length <= joinedUpTo) {
    const own = exchange === undefined ? none : exchange.replyFields
    const text = answer.text?.bytes === body ? answer.text.text : body.toString('latin1')
    if (request.httpVersionMinor === 1 && writeAnswer(response, answer, own, reply.requestId, text)) {
      reply.bytes = body.length
      done(true)
      return
    }
  }
  // RFC 9110 §8.6: a length may describe what is not sent (HEAD, 304), but never a 204.
  const keepsLength = isStreamed(body) || (isBodiless && status !== 204)
  const fields = keepsLength ? answer.headers.slice() : withoutLength(answer.headers)
  if (exchange !== undefined) for (const part of exchange.replyFields) fields.push(part)
  fields.push('X-Request-Id', reply.requestId)
  if (close || lingers) fields.push('Connection', 'close')

  if (isStreamed(body) && !isBodiless) {
    // Node refuses to announce trailers where none can follow.
    response.writeHead(status, request.httpVersionMinor === 0 ? withoutField(fields, 'trailer') : fields)
    stream(reply, body, done)
    return
  }
  if (isBodiless || body === null || isStreamed(body)) {
    if (isStreamed(body)) body.destroy()
    if (!isBodiless) fields.push('Content-Length', '0')
    response.writeHead(status, fields)
    if (lingers) response.flushHeaders()
    else response.end()
  } else {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
    reply.bytes = length
    fields.push('Content-Length', String(length))
    response.writeHead(status, fields)
    if (lingers) response.write(body)
    else if (typeof body === 'string' || length > joinedUpTo) response.end(body)
    else response.end(body.toString('latin1'), 'latin1')
  }
  if (lingers) linger(request, response, done)
  else done(true)
}

function stream(reply: Reply, body: Readable, done: (isComplete: boolean) => void): void {
  const { request, response } = reply
  const socket = response.socket
  const before = socket?.bytesWritten ?? 0
  const cutOff = (): void => {
    if (response instanceof ClientResponse) response.cutOff()
  }
  request.socket.once('close', cutOff)
  // Whoever waits for events wants to know that the stream is open; with bytes at hand the head goes out with them.
  if (body.readableLength === 0 && !body.readableEnded) response.flushHeaders()
  body.once('end', () => {
    const { trailers } = body as TrailedBody
    if (trailers !== undefined) response.addTrailers(trailerPairs(trailers))
  })
  // To HTTP/1.0 the end of the connection is the end of the answer, so one that breaks off must not end in order.
  if (response.req.httpVersionMinor === 0 && socket !== null && !('encrypted' in socket)) {
    body.once('error', () => socket.resetAndDestroy())
  }
  // `pipeline` destroys the socket where the source breaks off, so that the client can tell the answer is not whole.
  pipeline(body, response, (error) => {
    request.socket.off('close', cutOff)
    reply.bytes = (socket?.bytesWritten ?? before) - before
    done(error == null)
  })
}

/** Closing while the client still sends would reset the connection and lose the answer: so read on for a while. */
function linger(request: IncomingMessage, response: ServerResponse, done: (isComplete: boolean) => void): void {
  const finish = (): void => {
    clearTimeout(timer)
    request.off('end', finish)
    request.off('close', finish)
    response.end()
    done(true)
  }
  const timer = setTimeout(finish, lingerFor)
  request.once('end', finish)
  request.once('close', finish)
  request.resume()
}

/** A body that nobody will read, and that is too long (or of unknown length) to be read for the connection's sake. */
function hasUnreadBody(request: IncomingMessage, exchange: Exchange | undefined): boolean {
  if (exchange !== undefined) {
    const { body } = exchange
    if (!body.isPresent || body.buffered !== undefined) return false
    return body.isAwaited || body.declaredLength === undefined || body.declaredLength > drainable
  }
  const { headers } = request
  const length = headers['content-length']
  if (length === undefined) return headers['transfer-encoding'] !== undefined
  return headers.expect !== undefined || !(Number(length) <= drainable)
}

function withoutLength(fields: Fields): Fields {
  const kept: Fields = []
  for (let i = 0; i < fields.length; i += 2) {
    if (!isField(fields[i]!, 'content-length')) kept.push(fields[i]!, fields[i + 1]!)
  }
  return kept
}

function trailerPairs(trailers: Fields): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i < trailers.length; i += 2) pairs.push([trailers[i]!, trailers[i + 1]!])
  return pairs
}
