import { type Answer, isStreamed } from '../../core/answer.ts'
import { type Fields, fieldValues } from '../../core/headers.ts'
import type { Next } from '../../core/policy.ts'
import type { Bucket, Entry, Fetch } from './bucket.ts'
import { type Forwarded, forwardedStatus, hitStatus } from './cache-status.ts'
import { Flight, type Outcome } from './flight.ts'
import type { Times } from './freshness.ts'
import { joining } from './join.ts'
import { declaredLength, judge, keepBody, receive } from './keeping.ts'
import { type Look, selected } from './look.ts'
import { operationMark, tagMarks } from './marks.ts'
import { judgeUse } from './reuse.ts'
import { matching } from './select.ts'
import type { CachingOptions } from './settings.ts'
import { standInAnswer } from './stand-in-answer.ts'
import { storedAnswer } from './stored-answer.ts'
import { currentAge, freshened } from './stored-response.ts'
import type { Stamps } from './tier.ts'
import { conditionalFields, freshenedBy } from './validators.ts'

/** How long it is remembered that a target's answers cannot be shared, in ms. */
const unshareableFor = 30_000

/** One request to the upstream: what it is for, and what comes of it. */
export class UpstreamAsk {
  readonly #options: CachingOptions
  readonly #look: Look
  /** What is stored and stale, if anything: the request is made conditional on it. */
  #entry: Entry | undefined
  readonly #forwarded: Forwarded
  readonly #bucket: Bucket
  readonly #fetch: Fetch
  /** Where answers are shared with other instances: what they are saved with; undefined where they cannot be. */
  #stamps: Stamps | undefined
  readonly #flight: Flight | undefined
  readonly #name: string | undefined

  /** @param name under which others may wait for this request; undefined: nobody does */
  constructor(
    options: CachingOptions,
    look: Look,
    entry: Entry | undefined,
    forwarded: Forwarded,
    name: string | undefined,
  ) {
    this.#options = options
    this.#look = look
    this.#entry = entry
    this.#forwarded = forwarded
    this.#bucket = options.store.open(look.resource, look.query)
    const { exchange } = look
    const marks = [operationMark(exchange.operation.id), ...tagMarks(options.tags ?? [], exchange)]
    this.#fetch = { isSpoiled: false, bucket: this.#bucket, marks }
    this.#bucket.fetches.add(this.#fetch)
    options.store.fetches.add(this.#fetch)
    this.#name = name
    this.#flight = name === undefined ? undefined : new Flight()
    if (name !== undefined) this.#bucket.flights.set(name, this.#flight!)
  }

  /** The answer for this client; what may be kept is kept once it is whole. */
  async send(next: Next): Promise<Answer> {
    const { exchange } = this.#look
    const { store } = this.#options
    const shared = store.tier === undefined ? undefined : await this.#load()
    if (shared !== undefined) return shared
    const stored = this.#entry?.response
    const isConditional = stored?.etag !== undefined || stored?.lastModified !== undefined
    const request = store.now()
    const fields = exchange.headers
    if (isConditional) exchange.headers = conditionalFields(fields, stored.etag, stored.lastModified)
    let answer: Answer
    try {
      answer = await next(exchange)
      if (isConditional && answer.status === 304) {
        const validated = this.#validated(answer, { request, response: store.now() })
        if (validated !== undefined) return validated
        // A 304 about something that is not stored here: only the whole response helps.
        exchange.headers = conditionalFields(fields, undefined, undefined)
        answer = await next(exchange)
      }
    } catch (error) {
      this.#end({ kind: 'failed', error })
      const standIn = this.#standIn(error)
      if (standIn !== undefined) return standIn
      throw error
    } finally {
      exchange.headers = fields
    }
    const standIn = answer.status >= 500 ? this.#standIn(answer.status) : undefined
    if (standIn === undefined) return this.#keep(answer, { request, response: store.now() })
    if (isStreamed(answer.body)) answer.body.destroy()
    this.#end({ kind: 'failed', error: undefined })
    return standIn
  }

  /** What another instance has stored meanwhile; undefined where the upstream has to be asked. */
  async #load(): Promise<Answer | undefined> {
    const { store, status } = this.#options
    const { exchange, asked } = this.#look
    this.#stamps = await store.tier!.load(this.#look, this.#bucket, this.#fetch)
    if (this.#stamps === undefined) exchange.record('cache', 'store-error')
    const entry = selected(store, this.#look)
    this.#entry = entry ?? this.#entry
    const now = store.now()
    if (entry === undefined || judgeUse(entry.response, asked.directives, now, 0) !== 'fresh') return undefined
    this.#end({ kind: 'stored' })
    exchange.record('cache', 'hit')
    const left = entry.response.lifetime.seconds - currentAge(entry.response, now)
    return storedAnswer(entry, asked, exchange.method, now, status ? hitStatus(left, 'shared') : undefined)
  }

  /** Whether an answer may be kept at all: where other instances cannot be told of changes, nothing is. */
  get #mayKeep(): boolean {
    return !this.#fetch.isSpoiled && !this.#isCutOff
  }

  get #isCutOff(): boolean {
    return this.#options.store.tier !== undefined && this.#stamps === undefined
  }

  #share(entry: Entry | undefined): void {
    const { store, staleIfError, staleWhileRevalidate } = this.#options
    if (entry === undefined || this.#stamps === undefined) return
    store.tier?.save(entry, this.#stamps, Math.max(staleIfError, staleWhileRevalidate))
  }

  /** RFC 9111 §4.3.3 and §4.3.4: the stored response still holds; every one that the 304 is about gets its fields. */
  #validated(answer: Answer, times: Times): Answer | undefined {
    const { store, mode, ttl, status } = this.#options
    const { exchange, asked, caller } = this.#look
    const candidates = matching(this.#bucket, exchange.headers, caller.audiences).map((entry) => ({
      entry,
      fields: entry.response.fields,
    }))
    const current = freshenedBy(answer.headers, candidates)
    // What was validated may have been evicted meanwhile; it is still what the 304 speaks of.
    const mine = current.find(({ entry }) => entry === this.#entry) ?? this.#isAbout(answer.headers) ?? current[0]
    if (mine === undefined) return undefined
    let sent = mine.entry
    let isFresh = false
    for (const { entry } of new Set([...current, mine])) {
      const { arrival, response } = freshened(entry.response, answer.headers, times, mode === 'ttl' ? ttl : undefined)
      const verdict = judge(this.#options, this.#look, arrival)
      // RFC 9111 §3: what it now says may forbid keeping it, or keeping it for so many.
      const isKept = this.#mayKeep && 'audience' in verdict && verdict.audience === entry.audience
      const replaced = isKept ? store.replace(entry, response) : undefined
      if (replaced === undefined) store.discard(entry)
      this.#share(replaced)
      if (entry !== mine.entry) continue
      sent = replaced ?? entry.with(response)
      isFresh = replaced !== undefined && judgeUse(response, undefined, store.now(), 0) === 'fresh'
    }
    this.#end(isFresh ? { kind: 'stored' } : { kind: 'unshareable' })
    exchange.record('cache', 'revalidated')
    const text = status ? forwardedStatus(this.#forwarded, 304, { stored: isFresh }) : undefined
    const validated = storedAnswer(sent, asked, exchange.method, store.now(), text)
    // A cookie that comes with a validation is this client's alone.
    for (const cookie of fieldValues(answer.headers, 'set-cookie')) validated.headers.push('Set-Cookie', cookie)
    return validated
  }

  #isAbout(update: Fields): { entry: Entry; fields: Fields } | undefined {
    const entry = this.#entry!
    return freshenedBy(update, [{ entry, fields: entry.response.fields }])[0]
  }

  /** RFC 5861 §4: the stale response, where it may be sent in the place of a failure. */
  #standIn(failure: unknown): Answer | undefined {
    const entry = this.#entry
    return entry === undefined ? undefined : standInAnswer(this.#options, this.#look, entry, failure)
  }

  /** A whole response: kept where RFC 9111 §3 allows it, in the place of what was stored. */
  #keep(given: Answer, times: Times): Answer {
    const { store, status } = this.#options
    // Whoever made it may give the same object again.
    const answer = { ...given }
    const { exchange } = this.#look
    const received = receive(this.#options, this.#look, answer, times)
    const { arrival } = received
    const verdict = this.#isCutOff ? { refusal: 'store-unavailable' as const } : received.verdict
    exchange.record('cache', 'miss')
    if ('refusal' in verdict) {
      // §4.3.3: a full response takes the place of the stored one, also where it is not kept itself.
      if (this.#entry !== undefined && answer.status < 500) store.discard(this.#entry)
      this.#end(answer.status >= 500 ? { kind: 'failed', error: undefined } : { kind: 'unshareable' })
    } else {
      const { audience } = verdict
      const bucket = this.#bucket
      const body = keepBody(this.#options, answer, arrival, (response) => {
        if (response === 'given-up') return this.#end({ kind: 'unshareable' })
        if (response === 'broken' || !this.#mayKeep) return this.#end({ kind: 'failed', error: undefined })
        const kept = store.put(bucket, response, audience, exchange.headers, this.#fetch.marks)
        this.#share(kept)
        const isFresh = kept !== undefined && judgeUse(response, undefined, store.now(), 0) === 'fresh'
        this.#end(isFresh ? { kind: 'stored' } : { kind: 'unshareable' })
      })
      const passing = { look: this.#look, arrival, audience, forwarded: this.#forwarded }
      const isSpoiled = (): boolean => this.#fetch.isSpoiled
      if (body !== undefined) this.#flight?.offer(joining(this.#options, { ...passing, body, isSpoiled }))
    }
    if (status) {
      const refusal = 'refusal' in verdict ? verdict.refusal : undefined
      // Whether a body of unknown length can be kept is only known when it has passed.
      const isSized = declaredLength(given) !== undefined
      const isStored = refusal === undefined && isSized && !this.#fetch.isSpoiled
      const more = { stored: isStored, detail: refusal ?? (isSized ? undefined : 'unsized') }
      answer.headers = [...answer.headers, 'Cache-Status', forwardedStatus(this.#forwarded, answer.status, more)]
    }
    return answer
  }

  #end(outcome: Outcome): void {
    const { store } = this.#options
    const bucket = this.#bucket
    bucket.fetches.delete(this.#fetch)
    store.fetches.delete(this.#fetch)
    if (this.#name !== undefined && bucket.flights.get(this.#name) === this.#flight) bucket.flights.delete(this.#name)
    if (outcome.kind === 'unshareable' && this.#flight !== undefined && this.#mayKeep) {
      store.mark(bucket, unshareableFor)
    }
    store.release(bucket)
    this.#flight?.settle(outcome)
  }
}
