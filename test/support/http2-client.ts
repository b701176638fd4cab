import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'

export interface Http2Answer {
  readonly status: number
  /** `[name, value, …]` in the order received, pseudo-fields left out. */
  readonly fields: readonly string[]
  readonly body: Buffer
  readonly trailers: Readonly<Record<string, unknown>> | undefined
  /** Interim answers. */
  readonly interim: readonly number[]
  /** Of RST_STREAM; 0 where the stream ended well. */
  readonly reset: number
}

/** An HTTP/2 connection to `localhost`, whose certificate must be of `ca`. */
export function openHttp2(url: string, options: { ca: string; cert?: string; key?: string }): ClientHttp2Session {
  const session = connect(url.replace('127.0.0.1', 'localhost'), { ...options, maxSessionMemory: 100 })
  session.on('error', () => {})
  return session
}

/** One request over a connection; resolves when its stream has closed, whichever way. */
export function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders | readonly string[],
  body?: string | Buffer,
): Promise<Http2Answer> {
  return new Promise((resolve) => {
    // A connection that has been told to go takes nothing more: as if the server had refused the stream.
    if (session.closed || session.destroyed) {
      resolve({ status: 0, fields: [], body: Buffer.alloc(0), trailers: undefined, interim: [], reset: 7 })
      return
    }
    const stream = session.request(headers as OutgoingHttpHeaders, { endStream: body === undefined })
    let [status, trailers] = [0, undefined as Http2Answer['trailers']]
    const fields: string[] = []
    const chunks: Buffer[] = []
    const interim: number[] = []
    stream.on('headers', (sent) => interim.push(Number(sent[':status'])))
    stream.on('response', (sent, _flags, raw) => {
      status = Number(sent[':status'])
      const list = raw as unknown as string[]
      for (let i = 0; i < list.length; i += 2) if (list[i]![0] !== ':') fields.push(list[i]!, list[i + 1]!)
    })
    stream.on('trailers', (sent) => {
      trailers = sent
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', () => {})
    stream.on('close', () =>
      resolve({ status, fields, body: Buffer.concat(chunks), trailers, interim, reset: stream.rstCode ?? 0 }),
    )
    if (body !== undefined) stream.end(body)
  })
}
