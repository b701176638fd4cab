import { type Received, valuesOf } from '../../test/support/send.ts'

export type ServiceName = 'search' | 'petstore' | 'legacy-orders'

/** One request the demo sends through a proxy, and what must come back. */
export interface Step {
  readonly about: string
  readonly service: ServiceName
  readonly method?: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Send it so often first, without showing the answers. */
  readonly before?: number
  /** Fields of the answer worth showing. */
  readonly show?: readonly string[]
  /** What is not as it should be. */
  readonly check: (received: Received) => readonly string[]
}

/** Keys of the sample consumers files: published here, so good for nothing but this demo. */
export const demoKeys = { search: 'demo-key-of-acme', petstore: 'demo-key-of-the-pet-partner' } as const

const searchKey = { 'X-API-Key': demoKeys.search }
const petKey = { 'X-API-Key': demoKeys.petstore, 'Content-Type': 'application/json' }

export const steps: readonly Step[] = [
  {
    about: 'Without a key nobody gets in.',
    service: 'search',
    target: '/v1/search?q=garden',
    show: ['content-type', 'www-authenticate'],
    check: all(status(401), header('www-authenticate', /./), header('content-type', /^application\/problem\+json/)),
  },
  {
    about: 'With one, the request goes through; the key itself stays at the proxy.',
    service: 'search',
    target: '/v1/search?q=garden&limit=2',
    headers: searchKey,
    show: ['content-type', 'ratelimit', 'ratelimit-policy'],
    check: all(status(200), text(/"total":3/), header('ratelimit', /perMinute/)),
  },
  {
    about: 'What the document forbids never reaches the backend; every fault is named.',
    service: 'search',
    target: '/v1/search?q=&limit=500&colour=red',
    headers: searchKey,
    show: ['content-type'],
    check: all(status(400), text(/"parameter":"limit"/), text(/"parameter":"colour"/), text(/"parameter":"q"/)),
  },
  {
    about: 'The backend has an /admin/reindex. The document does not, so neither has the proxy.',
    service: 'search',
    target: '/v1/admin/reindex',
    headers: searchKey,
    check: all(status(404)),
  },
  {
    about: 'After 100 requests in a minute it is enough.',
    service: 'search',
    target: '/v1/search?q=spade',
    headers: searchKey,
    before: 100,
    show: ['ratelimit', 'retry-after'],
    check: all(status(429), header('retry-after', /^\d+$/)),
  },
  {
    about: 'Anybody may look at the pets. The first answer comes from the backend and is stored …',
    service: 'petstore',
    target: '/api/pets?status=available,pending',
    show: ['cache-status', 'etag'],
    check: all(status(200), text(/"Kuno"/), header('cache-status', /fwd=/)),
  },
  {
    about: '… the second comes from the cache …',
    service: 'petstore',
    target: '/api/pets?status=available,pending',
    show: ['cache-status', 'age'],
    check: all(status(200), header('cache-status', /; ?hit/), header('age', /^\d+$/)),
  },
  {
    about: '… and who has it already gets nothing but a 304.',
    service: 'petstore',
    target: '/api/pets?status=available,pending',
    headers: { 'If-None-Match': '"shop-3"' },
    show: ['cache-status', 'etag'],
    check: all(status(304)),
  },
  {
    about: 'A body that breaks the contract: each fault with its JSON pointer.',
    service: 'petstore',
    method: 'POST',
    target: '/api/pets',
    headers: petKey,
    body: '{"name":"","species":"dragon","price":-1,"vaccinations":[{"name":"fire","date":"yesterday"}]}',
    check: all(status(400), text(/"pointer":"\/species"/), text(/"pointer":"\/vaccinations\/0\/date"/)),
  },
  {
    about: 'A good one is stored by the backend.',
    service: 'petstore',
    method: 'POST',
    target: '/api/pets',
    headers: petKey,
    body: '{"name":"Bruno","species":"dog","price":75.50}',
    show: ['location'],
    check: all(status(201), text(/"id":4/)),
  },
  {
    about: 'The ERP system speaks XML; callers get JSON of the declared types, to the last digit.',
    service: 'legacy-orders',
    target: '/orders-api/orders/9007199254740993',
    show: ['content-type'],
    check: all(status(200), text(/"number":9007199254740993\b/), text(/"total":10\.10/), text(/"paid":false/)),
  },
  {
    about: 'One line in the XML is still an array of one in the JSON, and "007" stays text.',
    service: 'legacy-orders',
    target: '/orders-api/orders/1001',
    check: all(status(200), text(/"lines":\[\{"sku":"007"/), text(/"paid":true/)),
  },
  {
    about: 'An answer of the backend that breaks the contract is stopped.',
    service: 'legacy-orders',
    target: '/orders-api/orders/1003',
    check: all(status(502)),
  },
]

type Check = (received: Received) => string | undefined

function all(...checks: readonly Check[]): Step['check'] {
  return (received) => checks.map((check) => check(received)).filter((fault) => fault !== undefined)
}

function status(expected: number): Check {
  return (received) => (received.status === expected ? undefined : `expected ${expected}, got ${received.status}`)
}

function header(name: string, pattern: RegExp): Check {
  return (received) => {
    const values = valuesOf(received.rawHeaders, name)
    return values.some((value) => pattern.test(value)) ? undefined : `expected ${name} like ${pattern}, got ${values}`
  }
}

function text(pattern: RegExp): Check {
  return (received) => (pattern.test(received.body.toString('utf8')) ? undefined : `expected a body like ${pattern}`)
}
