import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { Answer } from '../../core/answer.ts'
import { RequestBody } from '../../core/body.ts'
import { Exchange } from '../../core/exchange.ts'
import type { Fields } from '../../core/headers.ts'
import { webSocket } from './web-socket.ts'

/** RFC 6455 §1.3. */
const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
const handshake: Fields = ['Sec-WebSocket-Key', key, 'Sec-WebSocket-Version', '13']

function asked(headers: Fields, wantsTunnel = true): Exchange {
  const exchange = new Exchange({
    operation: { id: 'talk', method: 'GET', path: '/talk' },
    method: 'GET',
    path: '/talk',
    query: '',
    pathValues: [],
    headers,
    body: new RequestBody(undefined, 0),
    address: '192.0.2.1',
    requestId: 'r',
    secure: false,
    host: 'h',
  })
  exchange.wantsTunnel = wantsTunnel
  return exchange
}

const answers = (headers: Fields): Answer => ({ status: 101, headers, body: null, tunnel: new PassThrough() })

it('lets an upstream agree that answers the key', () => {
  const answer = answers(['Sec-WebSocket-Accept', accept])
  expect(webSocket({ idle: 1 })(() => answer)(asked(handshake))).toBe(answer)
})

it('lets an upstream agree to an extension by other parameters', () => {
  const answer = answers(['Sec-WebSocket-Accept', accept, 'Sec-WebSocket-Extensions', 'b; q=1'])
  const asking: Fields = [...handshake, 'Sec-WebSocket-Extensions', 'a, b; q']
  expect(webSocket({ idle: 1 })(() => answer)(asked(asking))).toBe(answer)
})

it.each<[string, Fields, Fields]>([
  ['another key', handshake, ['Sec-WebSocket-Accept', 'AAAA']],
  ['nothing', handshake, []],
  ['the key twice', handshake, ['Sec-WebSocket-Accept', accept, 'Sec-WebSocket-Accept', accept]],
  ['an extension nobody offered', handshake, ['Sec-WebSocket-Accept', accept, 'Sec-WebSocket-Extensions', 'x; y']],
  ['a subprotocol nobody offered', handshake, ['Sec-WebSocket-Accept', accept, 'Sec-WebSocket-Protocol', 'chat']],
])('ends a tunnel whose upstream answers %s', (_, request, response) => {
  const answer = answers(response)
  expect(() => webSocket({ idle: 1 })(() => answer)(asked(request))).toThrow('The upstream answer cannot be read')
  expect(answer.tunnel!.destroyed).toBe(true)
})

it.each<[string, Fields]>([
  ['without a version', ['Sec-WebSocket-Key', key]],
  ['without a key', ['Sec-WebSocket-Version', '13']],
  ['with a key of other than sixteen bytes', ['Sec-WebSocket-Key', 'AAAA', 'Sec-WebSocket-Version', '13']],
  ['with two keys', [...handshake, 'Sec-WebSocket-Key', key]],
  ['of two versions', [...handshake, 'sec-websocket-version', '8']],
])('asks no upstream for a handshake %s', (_, request) => {
  const next = (): never => {
    throw new Error('asked')
  }
  expect(() => webSocket({ idle: 1 })(next)(asked(request))).toThrow(/Upgrade Required|Bad Request/)
})

it('lets plain requests go on only where they are declared', () => {
  const answer: Answer = { status: 200, headers: [], body: null }
  expect(webSocket({ idle: 1, plain: true })(() => answer)(asked([], false))).toBe(answer)
  expect(() => webSocket({ idle: 1 })(() => answer)(asked([], false))).toThrow('Upgrade Required')
})
