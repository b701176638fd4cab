import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { UpstreamRequest } from '../connection.ts'
import { TransportError } from '../transport-error.ts'
import { Http1Connection } from './http1-connection.ts'
import { socketsTo } from './open-socket.ts'
import { RecordedCall } from './recorded-call.test-support.ts'

/** An upstream on bare sockets that does what the test says. */
export class ScriptedServer {
  /** Told with whatever bytes come. */
  serve: (socket: Socket, text: string) => void = () => {}
  readonly sockets = new Set<Socket>()
  readonly #server: Server

  constructor() {
    this.#server = createServer((socket) => {
      this.sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('data', (bytes) => this.serve(socket, bytes.toString('latin1')))
    })
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** @param isStream as tunnels are made */
  connection(isStream = false): Http1Connection {
    return new Http1Connection({ authority: 'up.example', open: socketsTo(this.url, () => ({})), isStream })
  }
}

/** Asks for `/x` by GET, unless told otherwise. */
export function ask(to: Http1Connection, request: Partial<UpstreamRequest> = {}): RecordedCall {
  const call = new RecordedCall()
  const plain = { method: 'GET', path: '/x', headers: ['A', 'b'], body: null, length: undefined, opensTunnel: false }
  to.ask({ ...plain, ...request }, call)
  return call
}

export function faultOf({ error }: RecordedCall): string | undefined {
  return error instanceof TransportError ? error.fault : error?.message
}
