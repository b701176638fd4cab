import { connect, type Socket } from 'node:net'

/** A connection that sends bytes as they are and keeps what comes back. */
export interface RawClient {
  readonly socket: Socket
  /** Everything received, as latin1. */
  readonly received: string
  readonly isClosed: boolean
  send(text: string | Buffer): void
  /** Forgets what was received so far. */
  forget(): void
  /** Resolves once what was received fits; fails after `within` ms. */
  until(wanted: string | RegExp, within?: number): Promise<string>
  /** Resolves once the other side has closed. */
  closed(within?: number): Promise<string>
}

/** Connects to `http://host:port`. Rejects where nobody listens. */
export async function rawClient(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let received = ''
  let isClosed = false
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const look of waiting) look()
  }
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    wake()
  })
  const end = (): void => {
    isClosed = true
    wake()
  }
  socket.on('end', end)
  socket.on('close', end)
  socket.on('error', end)
  await new Promise<void>((resolve, fail) => {
    socket.once('connect', resolve)
    socket.once('error', fail)
  })
  const wait = (fits: () => boolean, what: string, within: number): Promise<string> =>
    new Promise((resolve, fail) => {
      const look = (): void => {
        if (!fits()) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve(received)
      }
      const timer = setTimeout(() => {
        waiting.delete(look)
        fail(new Error(`no ${what} within ${within} ms; received ${JSON.stringify(received.slice(0, 2_000))}`))
      }, within)
      waiting.add(look)
      look()
    })
  return {
    socket,
    get received() {
      return received
    },
    get isClosed() {
      return isClosed
    },
    forget: () => {
      received = ''
    },
    send: (text) => void socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text),
    until: (wanted, within = 5_000) =>
      wait(
        () => (typeof wanted === 'string' ? received.includes(wanted) : wanted.test(received)),
        String(wanted),
        within,
      ),
    closed: (within = 5_000) => wait(() => isClosed, 'end', within),
  }
}

/** Sends one request and takes the answer until the server closes; the request should say `Connection: close`. */
export async function exchangeRaw(url: string, request: string, within?: number): Promise<string> {
  const client = await rawClient(url)
  client.send(request)
  const answer = await client.closed(within)
  client.socket.destroy()
  return answer
}
