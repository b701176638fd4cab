import { hash } from 'node:crypto'
import { type Answer, isStreamed } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { combinedField } from '../../core/headers.ts'
import type { Next } from '../../core/policy.ts'
import { reject } from '../../core/rejection.ts'
import type { Entry, Fetch } from './bucket.ts'
import { type Forwarded, forwardedStatus, hitStatus } from './cache-status.ts'
import { callerOf } from './caller.ts'
import { detached } from './detached.ts'
import { updateByHead } from './head.ts'
import { queryKey, resourceKeys, spellingKey } from './key.ts'
import { flightName, type Look, selected } from './look.ts'
import { operationMark, tagMarks } from './marks.ts'
import type { Tally } from './measures.ts'
import { nothingAsked, RequestReader } from './request.ts'
import { judgeUse, type Use } from './reuse.ts'
import { select } from './select.ts'
import type { CachingOptions } from './settings.ts'
import { isFailure } from './stand-in.ts'
import { standInAnswer } from './stand-in-answer.ts'
import { plainHit, storedAnswer } from './stored-answer.ts'
import { currentAge } from './stored-response.ts'
import type { Tier } from './tier.ts'
import { UpstreamAsk } from './upstream-ask.ts'

/** How long others wait for one request before they go themselves, in ms. */
const patience = 10_000
/** How often waiting is taken up again before a request goes alone. */
const turns = 4

/** The cache of one operation, in front of `next`: every decision that is taken before the upstream is asked. */
export class ResponseCache {
  readonly #options: CachingOptions
  readonly #next: Next
  readonly #queryKey: (query: string, rest: string) => string | undefined
  readonly #resourceKey = resourceKeys()
  readonly #reader: RequestReader
  readonly #tally: Tally = { operation: '', asked: 0, answered: 0 }

  constructor(options: CachingOptions, next: Next) {
    this.#options = options
    this.#next = next
    options.store.tallies.push(this.#tally)
    this.#queryKey = queryKey(options.key.query, options.key.defaults)
    const { headers, cookies } = options.key
    const fields = headers === 'all' ? 'all' : headers.length === 0 ? undefined : new Set(headers)
    this.#reader = new RequestReader(fields, cookies)
  }

  /** A hit is answered at once, without a promise. */
  handle(exchange: Exchange): Answer | Promise<Answer> {
    const { method } = exchange
    if (method === 'GET' || method === 'HEAD') {
      // RFC 9110 §9.3.1: such content "has no generally defined semantics"; an upstream that reads it answers by it all the same.
      return exchange.body.isPresent ? this.#pass(exchange, 'bypass', 'content') : this.#answer(exchange, '')
    }
    return method === 'QUERY' ? this.#query(exchange) : this.#pass(exchange, 'method')
  }

  /**
   * draft-ietf-httpbis-safe-method-w-body §2.7: the key of a QUERY "MUST incorporate the request content" and what describes it.
   */
  async #query(exchange: Exchange): Promise<Answer> {
    const content = await exchange.body.bytes()
    const [type, coding] = ['content-type', 'content-encoding'].map((name) => combinedField(exchange.headers, name))
    return this.#answer(exchange, `\nQUERY ${type} ${coding} ${hash('sha256', content)}`)
  }

  /** @param content what else is asked for, beside the target */
  #answer(exchange: Exchange, content: string): Answer | Promise<Answer> {
    const { store, key, authenticated, staleWhileRevalidate } = this.#options
    const asked = this.#reader.read(exchange.headers)
    if (asked.isForOrigin) return this.#pass(exchange, 'bypass', 'for-origin')
    const query = this.#queryKey(exchange.query, asked.keyed + spellingKey(exchange.path) + content)
    if (query === undefined) return this.#pass(exchange, 'bypass', 'undeclared-query')
    if (asked.directives?.has('no-store') === true) return this.#pass(exchange, 'request', 'no-store')
    const caller = callerOf(exchange, asked, authenticated, key.consumer)
    const resource = this.#resourceKey(exchange.secure, exchange.host, exchange.path)
    this.#tally.operation = exchange.operation.id
    this.#tally.asked++
    const look: Look = { exchange, asked, caller, resource, query }
    const bucket = store.find(look.resource, look.query)
    const entry = bucket === undefined ? undefined : select(bucket, exchange.headers, caller.audiences)
    // What others have asked for is not told: only what this caller may see makes it a miss of a variant.
    let forwarded: Forwarded = bucket?.isSeenBy(caller.audiences) === true ? 'vary-miss' : 'uri-miss'
    if (entry !== undefined) {
      const now = store.now()
      const judged = judgeUse(entry.response, asked.directives, now, staleWhileRevalidate)
      // Behind the client's back there is no content to ask with.
      const use = judged === 'while-revalidating' && content !== '' ? 'validate-stale' : judged
      if (use === 'fresh' || use === 'stale' || use === 'while-revalidating') return this.#hit(look, entry, use, now)
      forwarded = use === 'validate-request' ? 'request' : 'stale'
    }
    // RFC 9111 §5.2.1.7: "a cache SHOULD either respond using a stored response … or respond with a 504".
    const isForCacheOnly = asked.directives?.has('only-if-cached') === true
    if (store.tier !== undefined && (isForCacheOnly || exchange.method === 'HEAD')) {
      return this.#fromOthers(look, store.tier, forwarded, isForCacheOnly)
    }
    if (isForCacheOnly) throw reject('only-if-cached')
    return exchange.method === 'HEAD' ? this.#head(look, entry, forwarded) : this.#miss(look, entry, forwarded)
  }

  #hit(look: Look, entry: Entry, use: Use, now: number): Answer {
    const { exchange, asked } = look
    this.#tally.answered++
    exchange.record('cache', use === 'fresh' ? 'hit' : 'stale')
    if (use === 'while-revalidating') this.#revalidate(look, entry)
    if (!this.#options.status) return storedAnswer(entry, asked, exchange.method, now, undefined)
    if (use === 'fresh') return storedAnswer(entry, asked, exchange.method, now, plainHit)
    const left = entry.response.lifetime.seconds - currentAge(entry.response, now)
    return storedAnswer(entry, asked, exchange.method, now, hitStatus(left, use))
  }

  /** What other instances have stored, for requests that are no reason to ask for the whole answer. */
  async #fromOthers(look: Look, tier: Tier, forwarded: Forwarded, isForCacheOnly: boolean): Promise<Answer> {
    const { store, tags = [] } = this.#options
    const bucket = store.open(look.resource, look.query)
    const marks = [operationMark(look.exchange.operation.id), ...tagMarks(tags, look.exchange)]
    const fetch: Fetch = { isSpoiled: false, bucket, marks }
    bucket.fetches.add(fetch)
    if ((await tier.load(look, bucket, fetch)) === undefined) look.exchange.record('cache', 'store-error')
    bucket.fetches.delete(fetch)
    const entry = selected(store, look)
    store.release(bucket)
    const now = store.now()
    const isFresh = entry !== undefined && judgeUse(entry.response, look.asked.directives, now, 0) === 'fresh'
    if (isFresh) return this.#hit(look, entry, 'fresh', now)
    if (isForCacheOnly) throw reject('only-if-cached')
    return this.#head(look, entry, forwarded)
  }

  /** RFC 5861 §3: one request behind the clients' backs, however many stale answers are given meanwhile. */
  #revalidate(look: Look, entry: Entry): void {
    const name = `revalidate\n${entry.key}`
    if (entry.bucket.flights.has(name)) return
    const behind = { ...look, exchange: detached(look.exchange), asked: nothingAsked() }
    new UpstreamAsk(this.#options, behind, entry, 'stale', name).send(this.#next).then(
      ({ body }) => {
        // Nobody reads it but the copy.
        if (isStreamed(body)) body.on('error', () => {}).resume()
      },
      () => {},
    )
  }

  /** Waits for a request that is under way for the same thing, or makes it. */
  async #miss(look: Look, entry: Entry | undefined, forwarded: Forwarded): Promise<Answer> {
    const { store, coalesce, key } = this.#options
    // A request that asks for validation is not served by a question that was put before it.
    const mayWait = coalesce && forwarded !== 'request'
    let stored = entry
    let failures = 0
    for (let turn = 0; mayWait && turn < turns; turn++) {
      const bucket = store.find(look.resource, look.query)
      const name = flightName(look, bucket, stored, key.consumer, store.now())
      if (name === undefined) break
      const flight = bucket?.flights.get(name)
      if (flight === undefined) return new UpstreamAsk(this.#options, look, stored, forwarded, name).send(this.#next)
      let outcome = await flight.first(patience)
      if (outcome.kind === 'offered') {
        const joined = outcome.join(look)
        if (joined !== undefined) {
          this.#tally.answered++
          return joined
        }
        outcome = await flight.wait(patience)
      }
      if (outcome.kind === 'unshareable' || outcome.kind === 'late') break
      stored = selected(store, look)
      if (outcome.kind === 'failed') {
        const standIn = stored && standInAnswer(this.#options, look, stored, outcome.error)
        if (standIn !== undefined) return standIn
        // Two in a row: the upstream is down, and asking once more per client does not help it.
        if (++failures > 1 && isFailure(outcome.error)) throw outcome.error
      } else if (stored !== undefined && judgeUse(stored.response, look.asked.directives, store.now(), 0) === 'fresh') {
        this.#tally.answered++
        look.exchange.record('cache', 'collapsed')
        const status = this.#options.status ? forwardedStatus(forwarded, undefined, { collapsed: true }) : undefined
        return storedAnswer(stored, look.asked, look.exchange.method, store.now(), status)
      }
    }
    return new UpstreamAsk(this.#options, look, stored, forwarded, undefined).send(this.#next)
  }

  /** RFC 9111 §4.3.5: a HEAD that nothing fresh answers goes on, and what it brings says something of the stored GET. */
  async #head(look: Look, entry: Entry | undefined, forwarded: Forwarded): Promise<Answer> {
    const request = this.#options.store.now()
    const answer = await this.#pass(look.exchange, forwarded, undefined, 'miss')
    if (entry !== undefined) updateByHead(this.#options, look, entry, answer, request)
    return answer
  }

  /** Straight to the upstream; nothing is kept. */
  #pass(exchange: Exchange, forwarded: Forwarded, detail?: string, event = 'bypass'): Answer | Promise<Answer> {
    exchange.record('cache', event)
    const passed = this.#next(exchange)
    if (!this.#options.status) return passed
    const explain = ({ status, headers, body }: Answer): Answer => {
      return { status, headers: [...headers, 'Cache-Status', forwardedStatus(forwarded, status, { detail })], body }
    }
    return passed instanceof Promise ? passed.then(explain) : explain(passed)
  }
}
