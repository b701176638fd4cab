import { createHash } from 'node:crypto'
import { type Fields, fieldValue } from '../../core/headers.ts'
import { type Rejection, reject } from '../../core/rejection.ts'

/** RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** What keeps a request from being an opening handshake (RFC 6455 §4.2.1); undefined: nothing. */
export function handshakeFault(headers: Fields): Rejection | undefined {
  if (fieldValue(headers, 'sec-websocket-version') !== '13') return upgradeRequired()
  // Sixteen bytes in base64.
  if (!/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(fieldValue(headers, 'sec-websocket-key') ?? '')) {
    return reject('bad-request', { detail: 'Sec-WebSocket-Key is not sixteen bytes in base64.' })
  }
  return undefined
}

/** RFC 9110 §15.5.22. */
export function upgradeRequired(): Rejection {
  return reject('upgrade-required', {
    headers: ['Upgrade', 'websocket', 'Connection', 'Upgrade', 'Sec-WebSocket-Version', '13'],
    detail: 'This operation is a WebSocket.',
  })
}

/** RFC 6455 §4.1: whether the answer is one to this very handshake, and agrees only to what was asked for. */
export function isAgreed(asked: Fields, answered: Fields): boolean {
  const accept = createHash('sha1')
    .update(`${fieldValue(asked, 'sec-websocket-key')}${guid}`)
    .digest('base64')
  if (fieldValue(answered, 'sec-websocket-accept') !== accept) return false
  const chosen = fieldValue(answered, 'sec-websocket-protocol')
  return chosen === undefined || offered(asked).includes(chosen)
}

function offered(asked: Fields): string[] {
  const protocols: string[] = []
  for (let i = 0; i < asked.length; i += 2) {
    if (asked[i]!.toLowerCase() !== 'sec-websocket-protocol') continue
    protocols.push(...asked[i + 1]!.split(',').map((name) => name.trim()))
  }
  return protocols
}
