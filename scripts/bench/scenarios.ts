import type { Variant } from './documents.ts'
import type { NginxRole } from './nginx.ts'
import { key, orderJson, target } from './payload.ts'
import { token } from './token.ts'

export type Contestant =
  | { readonly name: string; readonly script: string }
  | { readonly name: string; readonly variant: Variant }
  | { readonly name: string; readonly nginx: NginxRole }
  | { readonly name: string; readonly varnish: true }

export interface Scenario {
  /** In the name of its chart. */
  readonly id: string
  readonly title: string
  readonly about: string
  /** The whole request, as it goes on the wire. */
  readonly request: string
  /** So many different requests, with another number for each `{n}`. */
  readonly variants?: number
  /** A request that everybody who validates must refuse; sent once, before the measuring. */
  readonly invalid?: string
  /** The first is the reference. */
  readonly contestants: readonly Contestant[]
}

const fields = `Host: bench.example\r\nAccept: application/json\r\nUser-Agent: bench/1\r\nX-API-Key: ${key}\r\n`
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\n${fields}${more}\r\n`
const post = (path: string, type: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\n${fields}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const order = (body: string): string => post('/orders', 'application/json', body)

const bareProxy: Contestant = { name: 'bare node:http + undici `Pool.dispatch`', script: 'bare-proxy' }
const plain: Contestant = { name: 'specgate, no policies', variant: 'plain' }
const checked: Contestant = { name: 'specgate, key + rate limit + request validation', variant: 'checked' }
const nginx: Contestant = { name: 'nginx, forwards and checks nothing', nginx: 'forward' }

const proxies: readonly Contestant[] = [
  bareProxy,
  plain,
  checked,
  { name: 'specgate, the same + response validation', variant: 'judged' },
  { name: 'specgate, the same + access log', variant: 'everything' },
  { name: 'fastify + @fastify/reply-from, key + rate limit + request validation', script: 'fastify-proxy' },
  nginx,
]

export const scenarios: readonly Scenario[] = [
  {
    id: 'get',
    title: 'GET with four query parameters, 1 KiB answer',
    about: 'The reference checks nothing.',
    request: get(target),
    invalid: get('/orders?limit=many'),
    contestants: proxies,
  },
  {
    id: 'get-varied',
    title: 'GET, 20,000 different queries',
    about:
      'What the service remembers of recent queries is of no use here: each comes back long after it was forgotten.',
    request: get('/orders?limit=20&status=paid&page=1{n}&q=garden'),
    variants: 20_000,
    invalid: get('/orders?limit=many'),
    contestants: [bareProxy, plain, checked],
  },
  {
    id: 'post',
    title: 'POST of 1 KiB of JSON, 1 KiB answer',
    about: 'The reference checks nothing.',
    request: order(orderJson),
    invalid: order(orderJson.replace('"paid"', '"lost"')),
    contestants: proxies,
  },
  {
    id: 'hit',
    title: 'Cache hit, 1 KiB',
    about: 'The reference is a node:http server that answers the same bytes from memory.',
    request: get(target),
    contestants: [
      { name: 'bare node:http answer', script: 'bare-answer' },
      { name: 'specgate, validated and from the cache', variant: 'cached' },
      { name: 'nginx, from its cache', nginx: 'cache' },
      { name: 'Varnish, from its cache', varnish: true },
    ],
  },
  {
    id: 'download',
    title: 'GET of 64 KiB',
    about: 'An answer that is not JSON and not looked into.',
    request: get('/documents'),
    contestants: [bareProxy, plain, checked, nginx],
  },
  {
    id: 'upload',
    title: 'POST of 64 KiB, answered with 64 KiB',
    about: 'Neither is JSON, neither is looked into.',
    request: post('/documents', 'application/octet-stream', 'u'.repeat(64 * 1024)),
    contestants: [bareProxy, plain, checked, nginx],
  },
  {
    id: 'identity',
    title: 'What identity and limits cost',
    about: 'The reference is the service without them; every request brings a key and a token.',
    request: get(target, `Authorization: Bearer ${token}\r\n`),
    contestants: [
      { name: 'specgate, anybody may call', variant: 'plain' },
      { name: 'specgate, API key', variant: 'keyed' },
      { name: 'specgate, JWT (ES256, seen before)', variant: 'tokened' },
      { name: 'specgate, limit in memory', variant: 'limited' },
    ],
  },
  {
    id: 'operations',
    title: '2,000 operations',
    about: 'The reference is a service of 5 such operations; both validate path and query.',
    request: get('/area3/things3/7/orders?limit=20&status=paid&page=3&q=garden'),
    invalid: get('/area3/things3/x/orders?limit=20'),
    contestants: [
      { name: 'specgate, 5 operations', variant: 'five' },
      { name: 'specgate, 2,000 operations', variant: 'many' },
    ],
  },
]
