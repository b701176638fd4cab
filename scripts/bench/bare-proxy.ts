import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

/**
 * The reference of proxied requests: node:http in front, undici's `Pool.dispatch` behind, raw header lists both ways,
 * nothing in between. The straightforward way to write the fastest thing these two allow.
 */
const pool = new Pool(process.env['UPSTREAM_DEFAULT_URL'] ?? '', { connections: 128 })

class Relay implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse
  constructor(response: ServerResponse) {
    this.#response = response
  }
  onRequestStart(): void {}
  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const raw = (controller as { rawHeaders?: (Buffer | string)[] }).rawHeaders ?? []
    this.#response.writeHead(
      status,
      raw.map((field) => String(field)),
    )
  }
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#response.write(chunk)
  }
  onResponseEnd(): void {
    this.#response.end()
  }
  onResponseError(): void {
    if (this.#response.headersSent) this.#response.destroy()
    else this.#response.writeHead(502).end()
  }
}

const server = createServer((request: IncomingMessage, response) => {
  const { method = 'GET', url = '/', rawHeaders } = request
  const headers: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase()
    if (name !== 'connection' && name !== 'host') headers.push(rawHeaders[i]!, rawHeaders[i + 1]!)
  }
  const body = method === 'GET' || method === 'HEAD' ? null : request
  pool.dispatch({ path: url, method: method as Dispatcher.HttpMethod, headers, body }, new Relay(response))
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
