import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SampleAnswer, SampleBackend } from './sample-upstream/backend.ts'
import { legacyOrders } from './sample-upstream/legacy-orders.ts'
import { petstore } from './sample-upstream/petstore.ts'
import { search } from './sample-upstream/search.ts'

/** Each backend under a path of its own, as if they were three machines. */
const backends: Readonly<Record<string, SampleBackend>> = {
  '/search-backend': search,
  '/petstore-backend': petstore(),
  '/erp-backend': legacyOrders,
}

/** The backends behind the sample documents: a real HTTP server on the loopback. Port 0 takes a free one. */
export async function startSampleUpstream(port: number): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      const answer = answerTo(request, body)
      response.writeHead(answer.status, { Server: 'SampleBackend/1.0', ...answer.headers })
      response.end(answer.body)
    })
  })
  await new Promise<void>((resolve, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

function answerTo(request: IncomingMessage, body: string): SampleAnswer {
  const url = new URL(request.url ?? '/', 'http://backend.invalid')
  for (const [prefix, backend] of Object.entries(backends)) {
    if (!url.pathname.startsWith(`${prefix}/`)) continue
    const inner = new URL(url.pathname.slice(prefix.length) + url.search, url)
    const answer = backend({ method: request.method ?? 'GET', url: inner, headers: request.headers, body })
    if (answer !== undefined) return underPrefix(answer, prefix)
  }
  return { status: 404, headers: { 'Content-Type': 'text/html' }, body: '<h1>Not here</h1>' }
}

/** A backend knows only its own paths; from outside it stands under its prefix. */
function underPrefix(answer: SampleAnswer, prefix: string): SampleAnswer {
  const location = answer.headers?.['Location']
  return location === undefined ? answer : { ...answer, headers: { ...answer.headers, Location: prefix + location } }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
