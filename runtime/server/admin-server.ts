import { createServer, type IncomingMessage, type Server } from 'node:http'

/** What the admin listener answers, by path. */
export interface AdminPages {
  readonly [path: string]: () => AdminPage | Promise<AdminPage>
}

export interface AdminPage {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** What can be done there, by path: takes the body of a POST. */
export interface AdminActions {
  readonly [path: string]: (body: string) => AdminPage | Promise<AdminPage>
}

/** Bytes of an action's body. */
const longestBody = 64 * 1024

/** Health and metrics, on an address of their own: they answer also while clients are turned away. */
export function adminServer(pages: AdminPages, actions: AdminActions = {}): Server {
  const [byPath, doing] = [new Map(Object.entries(pages)), new Map(Object.entries(actions))]
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const send = ({ status, contentType, body }: AdminPage): void => {
      response.writeHead(status, {
        'Content-Type': contentType,
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'no-store',
      })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    const path = request.url!.split('?', 1)[0]!
    const [page, action] = [byPath.get(path), doing.get(path)]
    if (action !== undefined && request.method === 'POST') {
      perform(action, request).then(send, () => send(text(500, 'internal error')))
      return
    }
    request.resume()
    if (page === undefined && action === undefined) return send(text(404, 'not found'))
    if (page === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.setHeader('Allow', page === undefined ? 'POST' : 'GET, HEAD')
      return send(text(405, 'method not allowed'))
    }
    Promise.resolve()
      .then(page)
      .then(send, () => send(text(500, 'internal error')))
  })
  return server
}

/** As JSON only: a page somebody is lured to cannot send that from their browser without being asked first (CORS). */
async function perform(action: AdminActions[string], request: IncomingMessage): Promise<AdminPage> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    request.resume()
    return text(415, 'the body must be application/json')
  }
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk
    if (body.length > longestBody) return text(413, 'the body is too long')
  }
  return action(body)
}

export function json(status: number, value: unknown): AdminPage {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` }
}

function text(status: number, body: string): AdminPage {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${body}\n` }
}
