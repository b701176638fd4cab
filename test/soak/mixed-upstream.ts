import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

const block = Buffer.alloc(64 * 1024, 'a')
export const largeBody = 256 * 1024

export interface MixedUpstream {
  readonly url: string
  /** Connections that are open. */
  readonly connections: () => number
  close(): Promise<void>
}

/** What the upstream does wrong on `/fault/<kind>`, on the bare socket. */
const faults: Readonly<Record<string, (socket: Socket) => void>> = {
  close: (socket) => socket.destroy(),
  reset: (socket) => socket.resetAndDestroy(),
  stall: () => {},
  garbage: (socket) => socket.end('\x00\x01 this is no HTTP\r\n\r\n'),
  truncated: (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc'),
  'truncated-large': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n')
    socket.end(block)
  },
  'truncated-chunks': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nabc'),
  'two-lengths': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
  'huge-head': (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(200_000)}\r\nContent-Length: 0\r\n\r\n`),
}

/** What is only odd there, and still an answer. */
const oddities: Readonly<Record<string, (response: ServerResponse) => void>> = {
  interim: (response) => {
    for (let i = 0; i < 50; i++) response.writeEarlyHints({ link: '</x>; rel=preload' })
    response.writeHead(200, { 'Content-Length': 2 }).end('ok')
  },
  drip: (response) => {
    response.writeHead(200, { 'Content-Length': 40 }).flushHeaders()
    let left = 40
    const timer = setInterval(() => {
      response.write('a')
      if (--left > 0) return
      clearInterval(timer)
      response.end()
    }, 10)
  },
  // It says nothing of closing, and closes when the answer is out: the next request may be on its way.
  'idle-close': (response) => {
    const { socket } = response
    response.writeHead(200, { 'Content-Length': 2 }).end('ok', () => socket?.end())
  },
}

/** How each fault may end for a client: statuses, or `broken` where the head of the answer had gone out before. */
export const faultOutcomes: Readonly<Record<string, readonly (number | 'broken')[]>> = {
  close: [502],
  reset: [502],
  stall: [504],
  garbage: [502],
  truncated: [502],
  'truncated-large': ['broken'],
  'truncated-chunks': [502, 'broken'],
  'two-lengths': [502],
  'huge-head': [502],
  interim: [200],
  drip: [200],
  'idle-close': [200],
}

export async function mixedUpstream(): Promise<MixedUpstream> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => answer(request, response))
  server.keepAliveTimeout = 0
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = request.url!
  if (url.startsWith('/fault/')) {
    const kind = url.slice('/fault/'.length)
    faults[kind]?.(request.socket)
    oddities[kind]?.(response)
    return
  }
  if (url.startsWith('/large') && request.method === 'GET') {
    stream(response, Number(new URLSearchParams(url.split('?')[1]).get('bytes') ?? largeBody))
    return
  }
  let received = 0
  request.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  request.on('end', () => {
    const body = url.startsWith('/large') ? String(received) : url
    response.writeHead(200, { 'Content-Length': Buffer.byteLength(body), 'Content-Type': 'text/plain' }).end(body)
  })
}

function stream(response: ServerResponse, bytes: number): void {
  let left = bytes
  response.writeHead(200, { 'Content-Length': bytes, 'Content-Type': 'application/octet-stream' })
  const more = (): void => {
    while (left > 0) {
      const part = left >= block.length ? block : block.subarray(0, left)
      left -= part.length
      if (!response.write(part)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
}
