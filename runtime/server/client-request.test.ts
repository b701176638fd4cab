import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, it } from 'vitest'
import { ClientRequest } from './client-request.ts'

it.each([
  ['A: 1\r\nOrigin: x\r\n', {}],
  ['a: 1\r\norigin: x\r\nContent-length: 0\r\n', { 'content-length': '0' }],
  ['A: 1\r\nOrigin: x\r\nTransfer-Encoding: chunked\r\n', { 'transfer-encoding': 'chunked' }],
])('has no object of fields before it is handed over, unless node:http needs it: %j', async (lines, framing) => {
  let before: unknown
  let after: unknown
  const server = createServer({ IncomingMessage: ClientRequest, requireHostHeader: false }, (request, response) => {
    before = { ...request.headers }
    request.isHandedOver = true
    after = request.headers
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`GET / HTTP/1.1\r\n${lines}Connection: close\r\n\r\n0\r\n\r\n`)
  socket.resume()
  await once(socket, 'close')
  server.close()
  const all = { a: '1', origin: 'x', ...framing, connection: 'close' }
  expect(after).toEqual(all)
  expect(before).toEqual('content-length' in framing || 'transfer-encoding' in framing ? all : {})
})
