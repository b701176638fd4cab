import type { webSocket } from '../../../runtime/policies/web-socket/web-socket.ts'
import { definePolicy } from '../define.ts'
import { milliseconds } from '../units.ts'

interface Options {
  readonly idle?: string
}

export default definePolicy<typeof webSocket, Options>({
  name: 'webSocket',
  key: 'websocket',
  summary:
    'The operation opens a WebSocket (RFC 6455): who may open one is settled like any request, then both sides talk.',
  levels: ['operation'],
  answers: {
    101: { description: 'The connection is a WebSocket from here on.', isBare: true },
    426: 'The request does not ask for a WebSocket of version 13.',
  },
  options: {
    type: 'object',
    properties: {
      idle: {
        type: 'string',
        format: 'duration',
        default: '5m',
        description: 'How long a connection may be without a byte in either direction, pings included.',
      },
    },
    additionalProperties: false,
  },
  instance: 'operation',
  lower({ idle = '5m' }, scope) {
    const { method, requestBody, responses } = scope.contract
    const wrong = (problem: string): undefined => {
      scope.report('option-invalid', scope.node, { key: 'websocket', problem })
      return undefined
    }
    if (method !== 'GET') return wrong(`stands on ${method}: a WebSocket is opened by GET (RFC 6455 §4.1)`)
    if (requestBody?.required === true)
      return wrong('stands on an operation with a body: an opening handshake has none')
    // An operation that answers in other ways as well is asked for them without an upgrade.
    const plain = responses.some(({ status }) => status.startsWith('2'))
    return [{ idle: milliseconds(idle), ...(plain ? { plain } : {}) }]
  },
})
