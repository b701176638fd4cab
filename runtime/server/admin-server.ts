import { createServer, type Server } from 'node:http'

/** What the admin listener answers, by path. */
export interface AdminPages {
  readonly [path: string]: () => AdminPage | Promise<AdminPage>
}

export interface AdminPage {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Health and metrics, on an address of their own: they answer also while clients are turned away. */
export function adminServer(pages: AdminPages): Server {
  const byPath = new Map(Object.entries(pages))
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const send = ({ status, contentType, body }: AdminPage): void => {
      response.writeHead(status, {
        'Content-Type': contentType,
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'no-store',
      })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    request.resume()
    const page = byPath.get(request.url!.split('?', 1)[0]!)
    if (page === undefined) return send(text(404, 'not found'))
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return send(text(405, 'method not allowed'))
    }
    Promise.resolve()
      .then(page)
      .then(send, () => send(text(500, 'internal error')))
  })
  return server
}

export function json(status: number, value: unknown): AdminPage {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` }
}

function text(status: number, body: string): AdminPage {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${body}\n` }
}
