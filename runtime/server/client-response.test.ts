import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { afterEach, expect, it, vi } from 'vitest'
import { ClientRequest } from './client-request.ts'
import { ClientResponse } from './client-response.ts'
import { respond } from './respond.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A server whose answers are the bodies that the test fills, by path. */
async function open() {
  const bodies = new Map<string, PassThrough>()
  const ended: [path: string, isComplete: boolean][] = []
  let served: Socket | undefined
  const options = { IncomingMessage: ClientRequest, ServerResponse: ClientResponse, requireHostHeader: false }
  const server = createServer(options, (request, response) => {
    served = request.socket
    const url = request.url!
    const body = new PassThrough()
    bodies.set(url, body)
    const reply = { request, response, requestId: 'r', exchange: undefined, bytes: 0 }
    respond(reply, { status: 200, headers: [], body }, false, (isComplete) => ended.push([url, isComplete]))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1')
  let came = ''
  client.on('data', (text: string) => {
    came += text
  })
  closers.push(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  const until = (condition: () => unknown) => vi.waitFor(() => expect(condition()).toBeTruthy(), { timeout: 10_000 })
  return { bodies, ended, client, came: () => came, socket: () => served!, until }
}

it('leaves no listener on the socket', async () => {
  const { bodies, ended, client, came, socket, until } = await open()
  const counts: number[] = []
  for (const path of ['/1', '/2', '/3']) {
    client.write(`GET ${path} HTTP/1.1\r\n\r\n`)
    await until(() => bodies.has(path))
    bodies.get(path)!.end(`body of ${path}`)
    await until(() => came().includes(`body of ${path}`) && ended.length === bodies.size)
    counts.push(socket().listenerCount('close'))
  }
  expect(counts).toEqual([counts[0], counts[0], counts[0]])
  expect(ended).toEqual([
    ['/1', true],
    ['/2', true],
    ['/3', true],
  ])
})

it('ends the stream behind it when the client goes away', async () => {
  const { bodies, ended, client, came, until } = await open()
  client.write('GET /1 HTTP/1.1\r\n\r\n')
  await until(() => bodies.has('/1'))
  bodies.get('/1')!.write('some')
  await until(() => came().includes('some'))
  client.destroy()
  await until(() => bodies.get('/1')!.destroyed && ended.length > 0)
  expect(ended).toEqual([['/1', false]])
})

it('ends it as well where the answer had to wait for its turn', async () => {
  const { bodies, ended, client, came, until } = await open()
  client.write('GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n')
  await until(() => bodies.has('/2'))
  bodies.get('/2')!.write('later')
  bodies.get('/1')!.end('first')
  await until(() => came().includes('later'))
  client.destroy()
  await until(() => bodies.get('/2')!.destroyed && ended.length > 1)
  expect(came().indexOf('first')).toBeLessThan(came().indexOf('later'))
  expect(ended).toEqual([
    ['/1', true],
    ['/2', false],
  ])
})

it('ends it while it still waits for its turn', async () => {
  const { bodies, ended, client, until } = await open()
  client.write('GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n')
  await until(() => bodies.has('/2'))
  client.destroy()
  await until(() => bodies.get('/2')!.destroyed && ended.length > 1)
  expect(ended.map(([, isComplete]) => isComplete)).toEqual([false, false])
})
