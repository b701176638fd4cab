import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it arrived: nothing is decoded, joined or sorted. */
export interface RecordedRequest {
  readonly method: string
  /** The request target, byte for byte. */
  readonly target: string
  /** `[name, value, …]` in the order and case received. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface UpstreamAnswer {
  readonly status?: number
  /** A list sends the field several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** An object that is no Buffer is sent as JSON. */
  readonly body?: unknown
  /** Milliseconds before the answer starts. */
  readonly delay?: number
}

export interface RecordingUpstream {
  readonly url: string
  readonly requests: readonly RecordedRequest[]
  /** What has arrived since the last call, in order. */
  take(): RecordedRequest[]
  close(): Promise<void>
}

/** A real HTTP server on a free port of the loopback that keeps what it is sent and answers as told. */
export async function recordingUpstream(
  answer: (request: RecordedRequest) => UpstreamAnswer,
): Promise<RecordingUpstream> {
  const requests: RecordedRequest[] = []
  let taken = 0
  const server = createServer((request, response) => {
    void record(request).then((recorded) => {
      requests.push(recorded)
      reply(answer(recorded), response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    take() {
      const fresh = requests.slice(taken)
      taken = requests.length
      return fresh
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    rawHeaders: request.rawHeaders,
    body: Buffer.concat(chunks),
  }
}

function reply(answer: UpstreamAnswer, response: ServerResponse): void {
  const headers: string[] = []
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) headers.push(name, String(one))
  }
  const body = bytesOf(answer.body)
  const status = answer.status ?? 200
  const framed = headers.some((text, index) => index % 2 === 0 && /^(content-length|transfer-encoding)$/i.test(text))
  if (!framed && status !== 204 && status !== 304) headers.push('Content-Length', String(body.length))
  setTimeout(() => {
    response.writeHead(status, headers)
    response.end(body)
  }, answer.delay ?? 0)
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0)
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
