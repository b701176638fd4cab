import type { Answer, AnswerBody } from '../../core/answer.ts'
import { isStreamed, readAnswer } from '../../core/answer.ts'
import { RequestBody } from '../../core/body.ts'
import type { Consumer } from '../../core/consumer.ts'
import { Exchange } from '../../core/exchange.ts'
import { type Fields, fieldValue } from '../../core/headers.ts'
import type { Next } from '../../core/policy.ts'
import { cache } from './cache.ts'
import { CacheStore } from './cache-store.ts'
import type { CachingOptions } from './settings.ts'

export interface Asking {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly headers?: Fields
  readonly consumer?: string
  readonly host?: string
}

/** What a client got. */
export interface Got {
  readonly status: number
  readonly body: string
  readonly field: (name: string) => string | undefined
}

/** What the upstream says: a status of 200 and `Cache-Control: max-age=60` where nothing else is given. */
export interface Said {
  readonly status?: number
  readonly headers?: Fields
  readonly body?: AnswerBody
}

/** A cache with a clock of its own in front of an upstream that is a function. */
export interface Rig {
  readonly store: CacheStore
  /** Requests that reached the upstream. */
  readonly arrived: Exchange[]
  /** What it answers from now on. */
  upstream: (exchange: Exchange) => Said | Promise<Said>
  /** Seconds go by. */
  wait(seconds: number): void
  ask(asking?: Asking): Promise<Got>
  /** The answer as the policy gives it, its body unread. */
  handle(asking?: Asking): Answer | Promise<Answer>
}

export const start = Date.UTC(2026, 0, 1)

export function rig(options: Partial<CachingOptions> = {}, maxBytes = 1024 * 1024): Rig {
  let now = start
  // A store that is given brings a clock of its own.
  const store = options.store ?? new CacheStore(maxBytes, () => now)
  const arrived: Exchange[] = []
  const next: Next = async (exchange) => {
    arrived.push(snapshot(exchange))
    const { status = 200, headers = ['Cache-Control', 'max-age=60'], body = 'body' } = await made.upstream(exchange)
    return { status, headers: ['Date', new Date(store.now()).toUTCString(), ...headers], body }
  }
  const handle = cache({
    mode: 'rfc9111',
    store,
    staleWhileRevalidate: 0,
    staleIfError: 0,
    key: { query: 'all', headers: [], consumer: 'auto' },
    authenticated: false,
    coalesce: true,
    maxBody: 64 * 1024,
    status: true,
    ...options,
  })(next)
  const made: Rig = {
    store,
    arrived,
    upstream: () => ({}),
    wait(seconds) {
      now += seconds * 1000
    },
    handle: (asking = {}) => handle(exchangeOf(asking)),
    async ask(asking = {}) {
      const answer = await handle(exchangeOf(asking))
      const body = isStreamed(answer.body) ? await readAnswer(answer, 1 << 24) : (answer.body ?? '')
      return { status: answer.status, body: String(body), field: (name) => fieldValue(answer.headers, name) }
    },
  }
  return made
}

export function consumer(id: string): Consumer {
  return { id, roles: [], scopes: [], claims: {} }
}

/** One object per id, as verifiers hand them out. */
const consumers = new Map<string, Consumer>()

function exchangeOf({ method = 'GET', path = '/a', query = '', headers = [], host = 'api.example', ...who }: Asking) {
  const exchange = new Exchange({
    operation: { id: 'a', method: 'GET', path },
    method,
    path,
    query,
    pathValues: [],
    headers,
    body: new RequestBody(undefined, 0),
    address: '192.0.2.1',
    requestId: 'r',
    secure: false,
    host,
  })
  if (who.consumer !== undefined) {
    const known = consumers.get(who.consumer) ?? consumer(who.consumer)
    consumers.set(who.consumer, known)
    exchange.consumer = known
  }
  return exchange
}

/** The exchange as it arrived: the cache gives the client's fields back afterwards. */
function snapshot(exchange: Exchange): Exchange {
  return Object.assign(Object.create(Exchange.prototype), exchange, { headers: exchange.headers.slice() }) as Exchange
}
