import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { Fields } from '../core/headers.ts'
import { fieldsForHttp2 } from './http2-fields.ts'

/**
 * An HTTP/2 request as the HTTP/1.1 message it stands for (RFC 9113 §8.3): what judges, routes and forwards messages need not know
 * that there is another way to write them.
 */
export class Http2Request {
  readonly httpVersionMajor = 1
  readonly httpVersionMinor = 1
  readonly method: string
  readonly url: string
  readonly rawHeaders: string[]
  readonly headers: IncomingHttpHeaders
  readonly socket: Socket
  readonly #stream: ServerHttp2Stream

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[], socket: Socket) {
    const { method, path, fields } = readFields(raw, !stream.endAfterHeaders)
    this.method = method
    this.url = path
    this.rawHeaders = fields
    this.headers = headers
    this.socket = socket
    this.#stream = stream
  }

  get complete(): boolean {
    return this.#stream.endAfterHeaders || this.#stream.readableEnded
  }
}

/** What a turn needs of the way back before it answers: interim answers, and whether there is a way at all. */
export class Http2Response {
  readonly #stream: ServerHttp2Stream

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream
  }

  get destroyed(): boolean {
    return this.#stream.destroyed || this.#stream.closed
  }

  get headersSent(): boolean {
    return this.#stream.headersSent
  }

  /** Ends the stream so that the client can tell that the answer is not whole. */
  destroy(): void {
    this.#stream.destroy(new Error('the answer broke off'))
  }

  writeContinue(): void {
    if (!this.destroyed && !this.headersSent) this.#stream.additionalHeaders({ ':status': 100 })
  }

  writeInformation(status: number, fields: Fields): void {
    if (this.destroyed || this.headersSent) return
    const headers: Record<string, string | string[] | number> = { ':status': status }
    const kept = fieldsForHttp2(fields)
    for (let i = 0; i < kept.length; i += 2) {
      const [name, value] = [kept[i]!, kept[i + 1]!]
      const before = headers[name]
      headers[name] = before === undefined ? value : [before, value].flat().map(String)
    }
    this.#stream.additionalHeaders(headers)
  }
}

interface ReadFields {
  readonly method: string
  readonly path: string
  readonly fields: string[]
}

function readFields(raw: readonly string[], hasContent: boolean): ReadFields {
  let [method, path] = ['', '']
  let authority: string | undefined
  let cookie: string | undefined
  let hasLength = false
  const fields: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!
    const value = raw[i + 1]!
    if (name === ':method') method = value
    else if (name === ':path') path = value
    else if (name === ':authority') authority = value
    // RFC 9113 §8.2.3: crumbs become one field again before anything but HTTP/2 sees them.
    else if (name === 'cookie') cookie = cookie === undefined ? value : `${cookie}; ${value}`
    // §8.3.1: a Host that says the same as :authority adds nothing; one that says something else makes two, which is refused.
    else if (name === 'host' && authority?.toLowerCase() === value.toLowerCase()) continue
    else if (name[0] !== ':') {
      if (name === 'content-length') hasLength = true
      fields.push(name, value)
    }
  }
  if (cookie !== undefined) fields.push('cookie', cookie)
  if (authority !== undefined) fields.unshift('host', authority)
  // RFC 9112 §6: a body whose length nobody knows.
  if (hasContent && !hasLength) fields.push('transfer-encoding', 'chunked')
  // §8.3.1: an origin server's :path is a path, or `*` for OPTIONS; what is not is refused as a target.
  return { method, path: path[0] === '/' || path === '*' ? path : '', fields }
}
