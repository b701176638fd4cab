import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface Sent {
  readonly method?: string
  /** The request target exactly as it goes on the wire. */
  readonly target: string
  /** A list sends the field several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  /** For https: whose certificates count, and what the client shows of itself. PEM. */
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string }
}

export interface Received {
  readonly status: number
  /** `[name, value, …]` in the order and case received. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** One request over a connection of its own; target and fields go out as given, the answer comes back undecoded. */
export function send(base: string, sent: Sent, timeout = 10_000): Promise<Received> {
  const { hostname, port, protocol } = new URL(base)
  const headers: string[] = []
  for (const [name, value] of Object.entries(sent.headers ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) headers.push(name, String(one))
  }
  const has = (wanted: string): boolean =>
    headers.some((text, index) => index % 2 === 0 && text.toLowerCase() === wanted)
  if (!has('host')) headers.unshift('Host', `${hostname}:${port}`)
  // Without a length Node would send an empty body in chunks where a method usually has one.
  const hasBody = sent.body !== undefined || !bodiless.has(sent.method ?? 'GET')
  if (hasBody && !has('content-length') && !has('transfer-encoding')) {
    headers.push('Content-Length', String(Buffer.byteLength(sent.body ?? '')))
  }
  const options: RequestOptions = {
    host: hostname,
    port,
    method: sent.method ?? 'GET',
    path: sent.target,
    headers,
    agent: false,
    timeout,
    ...sent.tls,
  }
  return new Promise((resolve, fail) => {
    const request = protocol === 'https:' ? httpsRequest : httpRequest
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', fail)
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, rawHeaders: incoming.rawHeaders, body: Buffer.concat(chunks) }),
      )
    })
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`no answer to ${sent.method ?? 'GET'} ${sent.target} in ${timeout} ms`)),
    )
    outgoing.on('error', fail)
    outgoing.end(sent.body)
  })
}

const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])

/** Every value of the field `name` in a raw list, ignoring case. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const wanted = name.toLowerCase()
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === wanted)
}
