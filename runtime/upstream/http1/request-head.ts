import { isField } from '../../core/headers.ts'
import type { UpstreamRequest } from '../connection.ts'
import { TransportError } from '../transport-error.ts'

/** RFC 9110 §5.6.2 and §5.5. What is beyond latin1 would be cut to a byte, and some of it to a line end. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const notInValues = /[^\t\x20-\x7e\x80-\xff]/
const notInTargets = /[^\x21-\xff]/

/** Fields that say how a message is carried, which is settled here and nowhere else (RFC 9112 §6, RFC 9110 §7.6.1). */
const ours = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'expect'])

/** What is to become of the connection after the answer. */
export type Persistence = 'keep-alive' | 'close' | 'upgrade\r\nupgrade: websocket'

/**
 * The head of a request as it stands on the wire, each character a byte, without the length of its body and the empty line.
 * @throws TransportError `unsendable`: what was made of the request by transforms, hooks or credentials is none
 */
export function requestHead(request: UpstreamRequest, authority: string, persistence: Persistence): string {
  const { method, path, headers } = request
  if (!token.test(method)) throw unsendable('its method is none')
  if (path.charCodeAt(0) !== slash || notInTargets.test(path)) throw unsendable('its target is none')
  let host: string | undefined
  let lines = ''
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!
    const value = headers[i + 1]!
    if (!token.test(name) || notInValues.test(value)) throw unsendable('one of its fields is none')
    switch (name.length) {
      case 4:
        if (!isField(name, 'host')) break
        if (host !== undefined) throw unsendable('it has two hosts')
        host = value
        continue
      case 6:
      case 7:
      case 10:
      case 14:
      case 17:
        if (ours.has(name.toLowerCase())) throw unsendable(`${name.toLowerCase()} is not for others to say`)
        break
    }
    lines += `${name}: ${value}\r\n`
  }
  return `${method} ${path} HTTP/1.1\r\nhost: ${host ?? authority}\r\nconnection: ${persistence}\r\n${lines}`
}

const slash = 0x2f

function unsendable(why: string): TransportError {
  return new TransportError('unsendable', `the request cannot be sent: ${why}`)
}
