import { constants, type ServerHttp2Stream } from 'node:http2'
import { pipeline } from 'node:stream'
import { type Answer, isStreamed, type TrailedBody } from '../core/answer.ts'
import { type Fields, isField } from '../core/headers.ts'
import { reject } from '../core/rejection.ts'
import { fieldsForHttp2 } from './http2-fields.ts'
import type { Reply } from './respond.ts'

/** Bytes: a body goes out in pieces of this size, so that one can see whether the client reads on. */
const piece = 16 * 1024

/**
 * Writes an answer to an HTTP/2 stream (RFC 9113 §8.1): what `respond` does for HTTP/1.
 * @param done called once: all was handed to the stream, or the answer was cut off
 */
export function respondHttp2(
  stream: ServerHttp2Stream,
  reply: Reply,
  answer: Answer,
  done: (isComplete: boolean) => void,
): void {
  const { status, body } = answer
  if (status > 599) throw reject('upstream-malformed', { cause: `HTTP/2 has no status ${status}` })
  const isBodiless = reply.request.method === 'HEAD' || status === 204 || status === 304
  const fields = fieldsOf(reply, answer, isBodiless)
  if (isStreamed(body) && !isBodiless) {
    sendStream(stream, reply, fields, body, done)
    return
  }
  if (isStreamed(body)) body.destroy()
  if (isBodiless || body === null || isStreamed(body)) {
    stream.respond(fields, { endStream: true })
  } else {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    reply.bytes = bytes.length
    stream.respond(fields)
    sendBytes(stream, bytes)
  }
  finishUnread(stream)
  done(true)
}

function fieldsOf({ exchange, requestId }: Reply, { status, headers, body }: Answer, isBodiless: boolean): string[] {
  // RFC 9110 §8.6: a length may describe what is not sent (HEAD, 304), but never a 204.
  const keepsLength = isStreamed(body) || (isBodiless && status !== 204)
  const fields = fieldsForHttp2(keepsLength ? headers : withoutLength(headers))
  if (exchange !== undefined && exchange.replyFields.length > 0) fields.push(...fieldsForHttp2(exchange.replyFields))
  fields.push('x-request-id', requestId)
  if (!isBodiless && !isStreamed(body)) {
    const length = body === null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.length
    fields.push('content-length', String(length))
  }
  return [':status', String(status), ...fields]
}

function sendBytes(stream: ServerHttp2Stream, bytes: Buffer): void {
  let at = 0
  for (; bytes.length - at > piece; at += piece) stream.write(bytes.subarray(at, at + piece))
  stream.end(at === 0 ? bytes : bytes.subarray(at))
}

function sendStream(
  stream: ServerHttp2Stream,
  reply: Reply,
  fields: string[],
  body: TrailedBody,
  done: (isComplete: boolean) => void,
): void {
  stream.respond(fields, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers(trailersOf(body.trailers ?? [])))
  body.on('data', (chunk: Buffer) => {
    reply.bytes += chunk.length
  })
  // `pipeline` resets the stream where the source breaks off, so that the client can tell the answer is not whole.
  pipeline(body, stream, (error) => {
    if (error == null) finishUnread(stream)
    done(error == null)
  })
}

/** RFC 9113 §8.1: whoever has answered whole and reads no more of the request says so with RST_STREAM (NO_ERROR). */
function finishUnread(stream: ServerHttp2Stream): void {
  const give = (): void => {
    if (!stream.endAfterHeaders && !stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR)
  }
  if (stream.writableFinished) give()
  else stream.once('finish', give)
}

function trailersOf(fields: Fields): Record<string, string | string[]> {
  const trailers: Record<string, string | string[]> = Object.create(null)
  const kept = fieldsForHttp2(fields)
  for (let i = 0; i < kept.length; i += 2) {
    const [name, value] = [kept[i]!, kept[i + 1]!]
    const before = trailers[name]
    trailers[name] = before === undefined ? value : [before, value].flat()
  }
  return trailers
}

function withoutLength(fields: Fields): Fields {
  return fields.filter((_, i) => !isField(fields[i - (i % 2)]!, 'content-length'))
}
