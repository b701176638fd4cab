import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { type Answer, isStreamed } from '../core/answer.ts'
import type { Exchange } from '../core/exchange.ts'
import { type Fields, isField } from '../core/headers.ts'

/** How much of an unread request body is worth reading so that the connection can be used again. */
const drainable = 64 * 1024
/** For bodies longer than that: how long their bytes are thrown away so that the client can read its answer, in ms. */
const lingerFor = 2_000

export interface Reply {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  /** Undefined for what was refused before it was routed. */
  readonly exchange: Exchange | undefined
  /** The connection ends with this answer. */
  readonly close: boolean
}

/**
 * Writes an answer. @param done called once, when the last byte has been handed to the socket or the answer was cut off
 */
export function respond(reply: Reply, answer: Answer, done: (complete: boolean) => void): void {
  const { request, response, exchange } = reply
  const { status, body } = answer
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304
  const fields = bodiless || isStreamed(body) ? answer.headers.slice() : withoutLength(answer.headers)
  if (exchange !== undefined) for (const part of exchange.replyFields) fields.push(part)
  fields.push('Via', '1.1 specgate', 'X-Request-Id', reply.requestId)
  const unread = hasUnreadBody(request, exchange)
  if (reply.close || unread) fields.push('Connection', 'close')

  if (bodiless) {
    if (isStreamed(body)) body.destroy()
    response.writeHead(status, fields)
    end(request, response, unread)
    done(true)
    return
  }
  if (isStreamed(body)) {
    response.writeHead(status, fields)
    // `pipeline` destroys the socket where the source breaks off, so that the client can tell the answer is not whole.
    pipeline(body, response, (error) => done(error == null))
    return
  }
  const length = body === null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.length
  fields.push('Content-Length', String(length))
  response.writeHead(status, fields)
  if (body !== null && length > 0) {
    if (unread) response.write(body)
    else {
      response.end(body)
      done(true)
      return
    }
  }
  end(request, response, unread)
  done(true)
}

/** Closing while the client still sends would reset the connection and lose the answer: so read on for a while. */
function end(request: IncomingMessage, response: ServerResponse, unread: boolean): void {
  if (!unread) {
    response.end()
    return
  }
  response.flushHeaders()
  const finish = (): void => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(finish, lingerFor)
  request.once('end', finish)
  request.once('close', finish)
  request.resume()
}

/** A body nobody wants any more and that is too long (or of unknown length) to be read for the connection's sake. */
function hasUnreadBody(request: IncomingMessage, exchange: Exchange | undefined): boolean {
  if (request.complete) return false
  if (exchange !== undefined && exchange.body.buffered !== undefined) return false
  const length = request.headers['content-length']
  if (length === undefined && request.headers['transfer-encoding'] === undefined) return false
  return length === undefined || !(Number(length) <= drainable) || request.headers.expect !== undefined
}

function withoutLength(fields: Fields): Fields {
  const kept: Fields = []
  for (let i = 0; i < fields.length; i += 2) {
    if (!isField(fields[i]!, 'content-length')) kept.push(fields[i]!, fields[i + 1]!)
  }
  return kept
}
