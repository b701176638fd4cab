import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Answer } from '../core/answer.ts'
import { fieldText, isBlockOf } from '../core/field-block.ts'
import { type Fields, fieldValue } from '../core/headers.ts'

/** Where node:http keeps the head of a response between `writeHead` and the first byte; null before. */
type Headed = ServerResponse & { _header?: string | null }

/**
 * Sends a whole answer to a client that keeps its connection, head and body in one write. The head is put together here
 * and laid where `writeHead` would have laid it: what that does for each field (and has been done for stored answers
 * already) is a twelfth of a cache hit. docs/decisions/ready-header-blocks.md
 *
 * @param own fields of this answer alone, beside its name
 * @param requestId of visible characters
 * @param body each character a byte
 * @returns false where nothing was sent, since the fields need node:http's own judgement
 */
export function writeAnswer(
  response: ServerResponse,
  answer: Answer,
  own: Fields,
  requestId: string,
  body: string,
): boolean {
  const headed = response as Headed
  if (headed._header !== null || !response.shouldKeepAlive) return false
  const { status, headers, block } = answer
  const lines = block !== undefined && isBlockOf(block, headers) ? block.text : fieldText(headers)
  const ownLines = fieldText(own)
  if (lines === undefined || ownLines === undefined) return false
  const reason = STATUS_CODES[status]
  if (reason === undefined) return false
  const date = fieldValue(headers, 'date') === undefined ? `Date: ${new Date().toUTCString()}\r\n` : ''
  response.statusCode = status
  headed._header = `HTTP/1.1 ${status} ${reason}\r\n${lines}${ownLines}X-Request-Id: ${requestId}\r\nContent-Length: ${body.length}\r\n${date}Connection: keep-alive\r\n\r\n`
  response.end(body, 'latin1')
  return true
}
