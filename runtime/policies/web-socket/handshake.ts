import { createHash } from 'node:crypto'
import { combinedField, type Fields, fieldValue, fieldValues } from '../../core/headers.ts'
import { type Rejection, reject } from '../../core/rejection.ts'

/** RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** What keeps a request from being an opening handshake (RFC 6455 §4.2.1); undefined: nothing. */
export function handshakeFault(headers: Fields): Rejection | undefined {
  // Given twice, either could be the one an upstream goes by.
  if (combinedField(headers, 'sec-websocket-version') !== '13') return upgradeRequired()
  // Sixteen bytes in base64.
  if (!/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(combinedField(headers, 'sec-websocket-key') ?? '')) {
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
  if (combinedField(answered, 'sec-websocket-accept') !== accept) return false
  const chosen = combinedField(answered, 'sec-websocket-protocol')
  if (chosen !== undefined && !listed(asked, 'sec-websocket-protocol').includes(chosen)) return false
  const offered = new Set(listed(asked, 'sec-websocket-extensions').map(extensionName))
  return listed(answered, 'sec-websocket-extensions').every((extension) => offered.has(extensionName(extension)))
}

function listed(fields: Fields, name: string): string[] {
  return fieldValues(fields, name).flatMap((value) => value.split(',').map((member) => member.trim()))
}

/** RFC 6455 §9.1: what follows are parameters, which the two settle between them. */
function extensionName(extension: string): string {
  return extension.split(';', 1)[0]!.trim()
}
