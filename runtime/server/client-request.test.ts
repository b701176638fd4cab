import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ClientRequest } from './client-request.ts'

/** Sends pieces, each when the one before has been read, and returns what came back until the end of the connection. */
async function send(pieces: readonly string[], serve: (request: ClientRequest, response: ServerResponse) => void) {
  const options = { IncomingMessage: ClientRequest, requireHostHeader: false, optimizeEmptyRequests: true }
  const server = createServer(options, (request, response) => {
    request.isHandedOver = true
    serve(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let came = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    came += text
  })
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  if (!socket.closed) await once(socket, 'close')
  server.close()
  return came
}

const last = 'GET /last HTTP/1.1\r\nConnection: close\r\n\r\n'
const post = 'POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\n'

describe('the fields of a request', () => {
  it.each([
    ['A: 1\r\nOrigin: x\r\n', {}, {}],
    ['A: 1\r\nContent-length: 0\r\n', { 'content-length': '0' }, { 'content-length': '0' }],
    ['A: 1\r\nTransfer-Encoding: chunked\r\n', undefined, { 'transfer-encoding': 'chunked' }],
  ])('are no object before it is handed over, but for what node:http needs: %j', async (lines, before, framing) => {
    let seen: unknown
    await send([`POST / HTTP/1.1\r\n${lines}Connection: close\r\n\r\n0\r\n\r\n`], (request, response) => {
      const after = request.headers
      request.isHandedOver = false
      seen = [{ ...request.headers }, after]
      response.end()
    })
    const all = { a: '1', ...(lines.includes('Origin') && { origin: 'x' }), ...framing, connection: 'close' }
    expect(seen).toEqual([before ?? all, all])
  })
})

describe('the body of a request', () => {
  it('is taken as it comes, and the connection goes on', async () => {
    const taken: string[] = []
    let isGiven: unknown
    const came = await send([`${post}abc`, `def${last}`], (request, response) => {
      if (request.url === '/last') response.end('last')
      else {
        isGiven = request.giveTo({
          take: (chunk) => taken.push(String(chunk)),
          done: () => response.end(`first ${request.complete} ${request.isTaken}`),
        })
      }
    })
    expect([isGiven, taken.join('')]).toEqual([true, 'abcdef'])
    expect(came).toMatch(/first true false.*last/s)
  })

  it('is thrown away from where nobody wants it any more', async () => {
    const taken: string[] = []
    const came = await send([`${post}abc`, `def${last}`], (request, response) => {
      if (request.url === '/last') response.end('last')
      else {
        request.giveTo({
          take(chunk) {
            taken.push(String(chunk))
            request.letGo()
            response.end('first')
          },
          done: () => taken.push('done'),
        })
      }
    })
    // Both pieces, where they came together.
    expect([taken.length, taken[0]?.slice(0, 3)]).toEqual([1, 'abc'])
    expect(came).toMatch(/first.*last/s)
  })

  it('is given to nobody once somebody reads it as a stream', async () => {
    let isGiven: unknown
    const came = await send([`${post}abcdef${last}`], (request, response) => {
      if (request.url === '/last') {
        response.end('last')
        return
      }
      request.once('end', () => response.end('first')).resume()
      isGiven = request.giveTo({ take: () => {}, done: () => {} })
    })
    expect(isGiven).toBe(false)
    expect(came).toMatch(/first.*last/s)
  })

  it('that breaks off says so', async () => {
    let failure: unknown
    const broken = new Promise<void>((resolve) => {
      void send([`${post}abc`], (request) => {
        request.once('error', (error) => {
          failure = error
          resolve()
        })
        request.giveTo({ take: () => request.socket.destroy(), done: () => {} })
      })
    })
    await broken
    expect(failure).toMatchObject({ code: 'ECONNRESET' })
  })
})
