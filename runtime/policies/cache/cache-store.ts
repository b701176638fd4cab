import { combinedField, type Fields } from '../../core/headers.ts'
import { Bucket, Entry, type Fetch, Marker, type Resource } from './bucket.ts'
import { resourceKey } from './key.ts'
import { MarkIndex } from './mark-index.ts'
import { everything, type Mark, type Purge, resourceMark } from './marks.ts'
import { Sieve } from './sieve.ts'
import { type StoredResponse, staled } from './stored-response.ts'
import type { Tier } from './tier.ts'
import { preferredLanguage, selectingKey, varyNames } from './vary.ts'

/** Variants of one target; more push the oldest out, so that one address cannot fill the store with `Vary`. */
const variantLimit = 64

/** Where an answer stands in its bucket, and what finds it. */
export type Placing = Pick<Entry, 'audience' | 'names' | 'variant' | 'marks'>

/** The stored responses of a service, in memory, within a budget of bytes. */
export class CacheStore {
  readonly maxBytes: number
  readonly now: () => number
  /** Bytes of bodies that are being copied and are not stored yet. */
  copying = 0
  readonly #resources = new Map<string, Resource>()
  readonly #sieve = new Sieve()
  readonly #marked = new MarkIndex()
  /** What has been asked for and is not there yet, in whatever bucket. */
  readonly fetches = new Set<Fetch>()
  /** What several instances share; undefined: this is all there is. */
  readonly tier: Tier | undefined
  /** What the budget has pushed out. */
  evictions = 0

  /** @param now milliseconds since 1970; replaced in tests */
  constructor(maxBytes: number, now: () => number = Date.now, tier?: (memory: CacheStore) => Tier) {
    this.maxBytes = maxBytes
    this.now = now
    this.tier = tier?.(this)
  }

  /** What the stored responses are accounted with; never more than the budget. */
  get bytes(): number {
    return this.#sieve.bytes
  }

  /** Whether another body of this length may be copied; unfinished copies may take a quarter of the budget. */
  hasRoomFor(length: number): boolean {
    return this.copying + length <= this.maxBytes / 4
  }

  find(key: string, query: string): Bucket | undefined {
    return this.#resources.get(key)?.buckets.get(query)
  }

  /**
   * The bucket of a target, made where there is none. Whoever opens one adds a fetch or a flight to it at once, which
   * keeps it in its place, and calls `release` when that has ended.
   */
  open(key: string, query: string): Bucket {
    let resource = this.#resources.get(key)
    if (resource === undefined) {
      resource = { key, buckets: new Map() }
      this.#resources.set(key, resource)
    }
    let bucket = resource.buckets.get(query)
    if (bucket === undefined) {
      bucket = new Bucket(resource, query)
      resource.buckets.set(query, bucket)
    }
    return bucket
  }

  /** Forgets a bucket that holds nothing and that nobody works with. */
  release(bucket: Bucket): void {
    const { buckets, key } = bucket.resource
    if (!bucket.isIdle || buckets.get(bucket.query) !== bucket) return
    buckets.delete(bucket.query)
    if (buckets.size === 0) this.#resources.delete(key)
  }

  /**
   * The response stored for such a request, the most recent where several match (RFC 9111 §4.1).
   * @param audiences whose responses the caller may see
   */
  select(bucket: Bucket, request: Fields, audiences: readonly string[]): Entry | undefined {
    let newest: Entry | undefined
    for (const group of bucket.groups) {
      const variant = group.names.length === 0 ? '' : selectingKey(group.names, request)
      for (const audience of audiences) {
        const entry = group.entries.get(audience + variant)
        if (entry !== undefined && entry.response.date >= (newest?.response.date ?? -Infinity)) newest = entry
      }
    }
    newest ??= selectByLanguage(bucket, request, audiences)
    if (newest !== undefined) newest.visited = true
    return newest
  }

  /** Every response that such a request could select, newest first. */
  matching(bucket: Bucket, request: Fields, audiences: readonly string[]): Entry[] {
    const entries = bucket.groups.flatMap((group) => {
      const variant = selectingKey(group.names, request)
      return audiences.map((audience) => group.entries.get(audience + variant)).filter((entry) => entry !== undefined)
    })
    return entries.sort((one, other) => other.response.date - one.response.date)
  }

  /** Stores a response in the place of what the same request would have selected; undefined where it is too large. */
  put(
    bucket: Bucket,
    response: StoredResponse,
    audience: string,
    request: Fields,
    marks: readonly Mark[] = [],
  ): Entry | undefined {
    const names = varyNames(response.fields)
    if (names === undefined) return undefined
    return this.#place(new Entry(response, bucket, audience, names, selectingKey(names, request), marks))
  }

  /** A freshened response in the place of an entry (RFC 9111 §4.3.4). */
  replace(entry: Entry, response: StoredResponse): Entry | undefined {
    return this.#place(entry.with(response))
  }

  #place(entry: Entry): Entry | undefined {
    const { bucket } = entry
    const before = bucket.group(entry.names).entries.get(entry.key)
    if (before !== undefined) this.#take(before)
    if (entry.size > this.maxBytes / 2) {
      bucket.tidy(bucket.group(entry.names))
      return undefined
    }
    while (bucket.count >= variantLimit) this.#take(bucket.oldest!)
    bucket.group(entry.names).entries.set(entry.key, entry)
    this.unmark(bucket)
    this.#sieve.add(entry)
    this.#marked.add(entry)
    this.#shrink()
    return entry
  }

  remove(entry: Entry): void {
    this.#take(entry)
    this.release(entry.bucket)
  }

  /** The same for an answer that must not be used any more, by no instance. */
  discard(entry: Entry): void {
    this.remove(entry)
    this.tier?.drop(entry)
  }

  /** Takes an entry out and leaves its bucket in its place. */
  #take(entry: Entry): void {
    const group = entry.bucket.group(entry.names)
    if (group.entries.get(entry.key) === entry) {
      group.entries.delete(entry.key)
      this.#sieve.remove(entry)
      this.#marked.remove(entry)
    }
    entry.bucket.tidy(group)
  }

  /** Notes that answers of a target are not worth waiting for, for so many milliseconds. */
  mark(bucket: Bucket, duration: number): void {
    this.unmark(bucket)
    bucket.marker = new Marker(bucket, this.now() + duration)
    this.#sieve.add(bucket.marker)
    this.#shrink()
  }

  unmark(bucket: Bucket): void {
    if (bucket.marker === undefined) return
    this.#sieve.remove(bucket.marker)
    bucket.marker = undefined
  }

  /** An answer that another instance has stored, unless this one has one that is as young. */
  adopt(bucket: Bucket, response: StoredResponse, place: Placing): void {
    const entry = new Entry(response, bucket, place.audience, place.names, place.variant, place.marks)
    const before = bucket.group(entry.names).entries.get(entry.key)
    if (before === undefined || before.response.arrived < response.arrived) this.#place(entry)
  }

  /** RFC 9111 §4.4: forgets every answer of a path, whatever its query. Resolves when other instances have been told. */
  invalidate(secure: boolean, host: string, path: string): number | Promise<number> {
    return this.changed([resourceMark(resourceKey(secure, host, path))])
  }

  /** Takes back what the marks find, here and wherever else it is stored. @returns how many answers that were here */
  changed(marks: readonly Mark[], how: Purge = 'hard'): number | Promise<number> {
    const count = this.takeBack(marks, how)
    return this.tier === undefined ? count : this.tier.tell(marks, how).then(() => count)
  }

  /**
   * RFC 9111 §4.4 and purges: takes back every answer that one of the marks finds; what is on its way now is not kept, and
   * nobody waits for it. Soft: what is stored becomes stale.
   * @returns how many answers that were
   */
  takeBack(marks: readonly Mark[], how: Purge = 'hard'): number {
    let count = 0
    for (const bucket of this.#bucketsOf(marks)) count += this.#empty(bucket, how)
    for (const entry of this.#marked.find(marks)) count += this.#takeBack(entry, how)
    for (const fetch of this.fetches) {
      if (!fetch.isSpoiled && fetch.marks.some((mark) => marks.includes(mark))) {
        fetch.isSpoiled = true
        fetch.bucket.flights.clear()
      }
    }
    return count
  }

  /** The buckets that `*`, `u …` and `p …` mean. */
  #bucketsOf(marks: readonly Mark[]): Bucket[] {
    const resources = new Set<Resource | undefined>()
    for (const mark of marks) {
      const rest = mark.slice(2)
      if (mark.startsWith('u ')) resources.add(this.#resources.get(rest))
      else if (mark === everything || mark.startsWith('p ')) {
        for (const resource of this.#resources.values())
          if (mark === everything || resource.key.endsWith(` ${rest}`)) resources.add(resource)
      }
    }
    return [...resources].flatMap((resource) => [...(resource?.buckets.values() ?? [])])
  }

  #empty(bucket: Bucket, how: Purge): number {
    let count = 0
    for (const fetch of bucket.fetches) fetch.isSpoiled = true
    bucket.flights.clear()
    for (const group of [...bucket.groups])
      for (const entry of [...group.entries.values()]) count += this.#takeBack(entry, how)
    this.release(bucket)
    return count
  }

  #takeBack(entry: Entry, how: Purge): number {
    if (how === 'soft') this.replace(entry, staled(entry.response, this.now()))
    else this.remove(entry)
    return 1
  }

  #shrink(): void {
    while (this.#sieve.bytes > this.maxBytes) {
      const victim = this.#sieve.victim()
      if (victim instanceof Entry) {
        this.evictions++
        this.remove(victim)
      } else if (victim instanceof Marker) {
        this.unmark(victim.bucket)
        this.release(victim.bucket)
      } else return
    }
  }
}

/** Another wish that a stored response already meets: its language is the one this request wants most. */
function selectByLanguage(bucket: Bucket, request: Fields, audiences: readonly string[]): Entry | undefined {
  const group = bucket.groups.find(({ names }) => names.length === 1 && names[0] === 'accept-language')
  const wish = group === undefined ? undefined : combinedField(request, 'accept-language')
  const language = wish === undefined ? undefined : preferredLanguage(wish)
  if (group === undefined || language === undefined) return undefined
  for (const entry of group.entries.values()) {
    if (!audiences.includes(entry.audience)) continue
    if (combinedField(entry.response.fields, 'content-language')?.toLowerCase() === language) return entry
  }
  return undefined
}
