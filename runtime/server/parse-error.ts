import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type Rejection, reject } from '../core/rejection.ts'
import { problemAnswer } from './problem-answer.ts'
import { newRequestId } from './request-id.ts'

interface ParseError extends Error {
  readonly code?: string
  readonly bytesParsed?: number
  readonly rawPacket?: Buffer
}

/**
 * Answers what the parser refused: it never became a request, so the answer is written to the bare socket.
 * @returns the status that went out; undefined where there was nobody to tell
 */
export function answerParseError(error: ParseError, socket: Socket): number | undefined {
  const isSilent = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0
  // RFC 9112 §9.6: what comes after the last request is nobody's.
  if (error.code === 'HPE_CLOSED_CONNECTION') {
    socket.destroySoon()
    return undefined
  }
  if (!socket.writable || error.code === 'ECONNRESET' || isSilent) {
    socket.destroy()
    return undefined
  }
  const requestId = newRequestId()
  const rejection = parseRejection(error)
  const { status, headers, body } = problemAnswer(rejection, requestId)
  writeAnswer(socket, status, [...headers, 'X-Request-Id', requestId], String(body))
  return status
}

/** RFC 9110 §9.3.6: this server is nobody's tunnel. */
export function refuseConnect(socket: Socket, allow: string): void {
  const requestId = newRequestId()
  const { status, headers, body } = problemAnswer(
    reject('method-not-allowed', { headers: ['Allow', allow] }),
    requestId,
  )
  writeAnswer(socket, status, [...headers, 'X-Request-Id', requestId], String(body))
}

/** Answers a connection that is not taken. */
export function refuseConnection(socket: Socket, rejection: Rejection): void {
  socket.on('error', () => {})
  const { status, headers, body } = problemAnswer(rejection, newRequestId())
  writeAnswer(socket, status, headers, String(body))
}

function writeAnswer(socket: Socket, status: number, headers: readonly string[], body: string): void {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`
  head += `Date: ${new Date().toUTCString()}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`
  socket.end(head + body)
  // What still comes in is thrown away for a moment, so that the answer is not lost in a reset.
  socket.resume()
  setTimeout(() => socket.destroy(), 1_000).unref()
}

function parseRejection(error: ParseError): Rejection {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      // No end of line yet: it is the request line that is too long.
      return reject(error.rawPacket?.includes(0x0a) === false ? 'uri-too-long' : 'fields-too-large')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return reject('request-timeout')
    case 'HPE_INVALID_METHOD':
      // RFC 9110 §15.6.2: a method that nobody knows is no fault of the message.
      return isRequestLine(error) ? reject('not-implemented', { detail: 'The method is not known.' }) : unreadable()
    default:
      return unreadable()
  }
}

function unreadable(): Rejection {
  return reject('bad-request', { detail: 'The message does not follow HTTP/1.1.' })
}

/** Whether what the parser stopped in is a request line all the same (RFC 9112 §3). */
function isRequestLine({ rawPacket, bytesParsed = 0 }: ParseError): boolean {
  if (rawPacket === undefined) return false
  const from = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf(0x0a, bytesParsed - 1) + 1
  const end = rawPacket.indexOf(0x0d, from)
  return end !== -1 && /^[!#$%&'*+\-.^`|~\w]+ [\x21-\x7e]+ HTTP\/1\.[01]$/.test(rawPacket.toString('latin1', from, end))
}
