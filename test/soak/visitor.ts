import { randomUUID } from 'node:crypto'
import { type Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { faultOutcomes, largeBody } from './mixed-upstream.ts'

/** What became of a request: a status with its body, `broken` after the head, `none` where there was no answer at all. */
export interface Outcome {
  readonly end: number | 'broken' | 'none'
  readonly body: string
  readonly bytes: number
}

/** One thing a client does. @returns what was wrong with the answer; undefined: nothing */
export type Deed = (url: string, agent: Agent) => Promise<string | undefined>

const patience = 30_000

export function ask(
  url: string,
  agent: Agent | false,
  method: string,
  target: string,
  body?: Buffer,
  type?: string,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    let [head, text, bytes] = [0, '', 0]
    const ended = (end: Outcome['end']): void => resolve({ end, body: text, bytes })
    const headers = {
      ...(type === undefined ? {} : { 'Content-Type': type }),
      ...(body === undefined ? {} : { 'Content-Length': body.length }),
    }
    const sent = httpRequest({ hostname, port, method, path: target, agent, headers, timeout: patience }, (answer) => {
      head = answer.statusCode!
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes < 2_000) text += chunk.toString('latin1')
      })
      answer.on('end', () => ended(answer.complete ? head : 'broken'))
      answer.on('error', () => ended('broken'))
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => ended(head === 0 ? 'none' : 'broken'))
    sent.end(body)
  })
}

const wrong = (what: string, { end, body }: Outcome): string => `${what}: ${end} ${JSON.stringify(body.slice(0, 200))}`
/**
 * A kept connection was closed just as it was used. What nobody may send twice (RFC 9110 §9.2.2: POST; a body that has been
 * streamed) is answered with 502 then, by every proxy.
 */
const wasTooLate = ({ end, body }: Outcome): boolean => end === 502 && body.includes('upstream-unreachable')
const order = (id: string): Buffer =>
  Buffer.from(JSON.stringify({ id, items: Array.from({ length: 20 }, (_, count) => ({ sku: `sku-${count}`, count })) }))
const upload = Buffer.alloc(largeBody, 'u')

/** A connection that sends this, waits a little and is gone; nothing is owed to it. */
function rude(bytes: string): Deed {
  return (url) =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(url)
      const socket = connect(Number(port), hostname, () => {
        socket.write(bytes)
        setTimeout(() => socket.destroy(), Math.random() * 100)
      })
      socket.on('error', () => {})
      socket.on('data', () => {})
      socket.once('close', () => resolve(undefined))
    })
}

/** What clients do, with how often of all. */
export const deeds: readonly (readonly [weight: number, deed: Deed])[] = [
  [
    30,
    async (url, agent) => {
      const target = `/small/${Math.floor(Math.random() * 1e6)}`
      const got = await ask(url, agent, 'GET', target)
      return got.end === 200 && got.body === target ? undefined : wrong('small', got)
    },
  ],
  [
    15,
    async (url, agent) => {
      const got = await ask(url, agent, 'POST', '/orders', order(randomUUID()), 'application/json')
      return got.end === 200 || wasTooLate(got) ? undefined : wrong('order', got)
    },
  ],
  [
    5,
    async (url, agent) => {
      const got = await ask(url, agent, 'POST', '/orders', order('none'), 'application/json')
      return got.end === 400 ? undefined : wrong('bad order', got)
    },
  ],
  [
    15,
    async (url, agent) => {
      const target = `/cached/${Math.floor(Math.random() * 200)}`
      const got = await ask(url, agent, 'GET', target)
      return got.end === 200 && got.body === target ? undefined : wrong('cached', got)
    },
  ],
  [
    4,
    async (url, agent) => {
      const got = await ask(url, agent, 'GET', '/large')
      return got.end === 200 && got.bytes === largeBody ? undefined : wrong(`download of ${got.bytes}`, got)
    },
  ],
  [
    4,
    async (url, agent) => {
      const got = await ask(url, agent, 'PUT', '/large', upload, 'application/octet-stream')
      const isWhole = got.end === 200 && got.body === String(largeBody)
      return isWhole || wasTooLate(got) ? undefined : wrong('upload', got)
    },
  ],
  [
    3,
    async (url) => {
      const got = await ask(url, false, 'GET', '/nowhere')
      return got.end === 404 ? undefined : wrong('unknown path', got)
    },
  ],
  ...Object.entries(faultOutcomes).map(([kind, allowed]): readonly [number, Deed] => [
    1,
    async (url, agent) => {
      const got = await ask(url, agent, 'GET', `/fault/${kind}`)
      return allowed.includes(got.end as number | 'broken') ? undefined : wrong(`fault ${kind}`, got)
    },
  ]),
  [2, rude('GET /small/1 HTTP/1.1\r\nHost: h\r\n\r\n')],
  [1, rude('GET /large?bytes=9000000 HTTP/1.1\r\nHost: h\r\n\r\n')],
  [
    1,
    rude(
      'PUT /large HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\nContent-Length: 9000000\r\n\r\nabc',
    ),
  ],
  [1, rude('POST /orders HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"id":')],
  [1, rude('\x16\x03\x01 rubbish')],
  [1, rude('GET /fault/stall HTTP/1.1\r\nHost: h\r\n\r\n')],
  [1, rude('GET /small/1 HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(20))],
]

const total = deeds.reduce((sum, [weight]) => sum + weight, 0)

export function someDeed(): Deed {
  let at = Math.random() * total
  return deeds.find(([weight]) => (at -= weight) < 0)?.[1] ?? deeds[0]![1]
}
