import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { type Answer, judge } from './exchange.ts'
import type { Probe } from './probe.ts'
import type { CorpusRequest } from './request.ts'

/** The field that says which probe a request is; the contract knows nothing of it, and so lets it pass. */
const mark = 'x-corpus-probe'

export interface MarkingUpstream {
  readonly url: string
  readonly arrived: Map<string, CorpusRequest>
  close(): void
}

/** Answers everything with `{}` and keeps what it was sent. */
export async function markingUpstream(): Promise<MarkingUpstream> {
  const arrived = new Map<string, CorpusRequest>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request
      const id = request.headers[mark]
      if (typeof id === 'string')
        arrived.set(id, { method, target: url, headers: rawHeaders, body: Buffer.concat(chunks) })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 })
      response.end('{}')
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Sends the probes over a few kept connections. @returns what is wrong with each, in order; undefined where nothing is */
export async function sendProbes(
  url: string,
  probes: readonly Probe[],
  upstream: MarkingUpstream,
): Promise<(string | undefined)[]> {
  const pool = new Pool(url, { connections: 12, headersTimeout: 10_000, bodyTimeout: 10_000 })
  const faults: (string | undefined)[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < probes.length; index = next++) {
      const probe = probes[index]!
      const id = String(index)
      try {
        const answer = await send(pool, probe.request, id)
        faults[index] = judge(probe, answer, upstream.arrived.get(id))
      } catch (error) {
        faults[index] = `no answer: ${(error as Error).message}`
      }
      upstream.arrived.delete(id)
    }
  }
  await Promise.all(Array.from({ length: 12 }, work))
  await pool.destroy()
  return faults
}

async function send(pool: Pool, { method, target, headers, body }: CorpusRequest, id: string): Promise<Answer> {
  const answer = await pool.request({
    method: method as 'GET',
    path: target,
    headers: [...headers, mark, id],
    body: body ?? null,
  })
  const type = answer.headers['content-type']
  return {
    status: answer.statusCode,
    contentType: typeof type === 'string' ? type : '',
    text: await answer.body.text(),
  }
}
