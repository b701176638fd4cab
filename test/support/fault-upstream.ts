import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A request as its bytes came, once its head is there. */
export interface RawRequest {
  /** Request line and fields, without the empty line. */
  readonly head: string
  readonly target: string
  readonly socket: Socket
  /** 0 for the first connection. */
  readonly connection: number
  /** What has come of the body so far; grows. */
  readonly body: () => string
  /** Resolves when a body with a length has come whole; at once where there is none. */
  readonly received: Promise<void>
}

export interface FaultUpstream {
  readonly url: string
  readonly requests: readonly RawRequest[]
  readonly connections: () => number
  /** Connections whose other side has gone. */
  readonly closed: () => number
  close(): Promise<void>
}

/** A server on bare sockets that does whatever the test says: refuse, reset, stall, truncate, garble, flood. */
export async function faultUpstream(answer: (request: RawRequest) => void): Promise<FaultUpstream> {
  const requests: RawRequest[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let closed = 0
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    const connection = connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      closed++
      sockets.delete(socket)
    })
    let text = ''
    let isInBody = false
    let body = ''
    let left = 0
    let whole: () => void = () => {}
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      for (;;) {
        if (isInBody) {
          // A chunked body is kept as it is; nothing follows it in these tests.
          body += left === Infinity ? text : text.slice(0, left)
          const taken = Math.min(left, text.length)
          text = text.slice(taken)
          left -= taken
          if (left > 0) return
          isInBody = false
          whole()
        }
        const end = text.indexOf('\r\n\r\n')
        if (end === -1) return
        const head = text.slice(0, end)
        text = text.slice(end + 4)
        body = ''
        left = /\r\ntransfer-encoding: *chunked/i.test(head)
          ? Infinity
          : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
        isInBody = left > 0
        const received = new Promise<void>((resolve) => {
          whole = resolve
        })
        if (!isInBody) whole()
        const target = head.split(' ')[1] ?? ''
        const request = { head, target, socket, connection, body: () => body, received }
        requests.push(request)
        answer(request)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    closed: () => closed,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A whole answer with its length. */
export function wholeAnswer(body: string, status = '200 OK', fields = ''): string {
  return `HTTP/1.1 ${status}\r\n${fields}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`
}
