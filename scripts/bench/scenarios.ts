import type { Variant } from './documents.ts'
import { key, orderJson, target } from './payload.ts'

export type Contestant =
  | { readonly name: string; readonly script: string }
  | { readonly name: string; readonly variant: Variant }

export interface Scenario {
  readonly title: string
  readonly about: string
  /** The whole request, as it goes on the wire. */
  readonly request: string
  /** A request that everybody who validates must refuse; sent once, before the measuring. */
  readonly invalid?: string
  /** The first is the reference. */
  readonly contestants: readonly Contestant[]
}

const fields = `Host: bench.example\r\nAccept: application/json\r\nUser-Agent: bench/1\r\nX-API-Key: ${key}\r\n`
const get = (path: string): string => `GET ${path} HTTP/1.1\r\n${fields}\r\n`
const post = (body: string): string =>
  `POST /orders HTTP/1.1\r\n${fields}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

const proxies: readonly Contestant[] = [
  { name: 'bare node:http + undici `Pool.dispatch`', script: 'bare-proxy' },
  { name: 'specgate, no policies', variant: 'plain' },
  { name: 'specgate, key + rate limit + request validation', variant: 'checked' },
  { name: 'specgate, the same + response validation', variant: 'judged' },
  { name: 'specgate, the same + access log', variant: 'everything' },
  { name: 'fastify + @fastify/reply-from, key + rate limit + request validation', script: 'fastify-proxy' },
]

export const scenarios: readonly Scenario[] = [
  {
    title: 'GET with four query parameters, 1 KiB answer',
    about: 'The reference checks nothing.',
    request: get(target),
    invalid: get('/orders?limit=many'),
    contestants: proxies,
  },
  {
    title: 'POST of 1 KiB of JSON, 1 KiB answer',
    about: 'The reference checks nothing.',
    request: post(orderJson),
    invalid: post(orderJson.replace('"paid"', '"lost"')),
    contestants: proxies,
  },
  {
    title: 'Cache hit, 1 KiB',
    about: 'The reference is a node:http server that answers the same bytes from memory.',
    request: get(target),
    contestants: [
      { name: 'bare node:http answer', script: 'bare-answer' },
      { name: 'specgate, validated and from the cache', variant: 'cached' },
    ],
  },
]
