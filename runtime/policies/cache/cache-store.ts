import { combinedField, type Fields } from '../../core/headers.ts'
import { Bucket, Entry, Marker, type Resource } from './bucket.ts'
import { resourceKey } from './key.ts'
import { Sieve } from './sieve.ts'
import type { StoredResponse } from './stored-response.ts'
import { preferredLanguage, selectingKey, varyNames } from './vary.ts'

/** Variants of one target; more push the oldest out, so that one address cannot fill the store with `Vary`. */
const variantLimit = 64

/** The stored responses of a service, in memory, within a budget of bytes. */
export class CacheStore {
  readonly maxBytes: number
  readonly now: () => number
  /** Bytes of bodies that are being copied and are not stored yet. */
  copying = 0
  readonly #resources = new Map<string, Resource>()
  readonly #sieve = new Sieve()

  /** @param now milliseconds since 1970; replaced in tests */
  constructor(maxBytes: number, now: () => number = Date.now) {
    this.maxBytes = maxBytes
    this.now = now
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
  put(bucket: Bucket, response: StoredResponse, audience: string, request: Fields): Entry | undefined {
    const names = varyNames(response.fields)
    if (names === undefined) return undefined
    return this.#place(new Entry(response, bucket, audience, names, selectingKey(names, request)))
  }

  /** A freshened response in the place of an entry (RFC 9111 §4.3.4). */
  replace(entry: Entry, response: StoredResponse): Entry | undefined {
    return this.#place(new Entry(response, entry.bucket, entry.audience, entry.names, entry.variant))
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
    this.#shrink()
    return entry
  }

  remove(entry: Entry): void {
    this.#take(entry)
    this.release(entry.bucket)
  }

  /** Takes an entry out and leaves its bucket in its place. */
  #take(entry: Entry): void {
    const group = entry.bucket.group(entry.names)
    if (group.entries.get(entry.key) === entry) {
      group.entries.delete(entry.key)
      this.#sieve.remove(entry)
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

  /**
   * RFC 9111 §4.4: forgets every answer of a path, whatever its query; what is on its way now is not kept, and nobody
   * waits for it.
   */
  invalidate(secure: boolean, host: string, path: string): void {
    const buckets = this.#resources.get(resourceKey(secure, host, path))?.buckets
    if (buckets === undefined) return
    for (const bucket of [...buckets.values()]) {
      for (const fetch of bucket.fetches) fetch.isSpoiled = true
      bucket.flights.clear()
      for (const group of [...bucket.groups]) for (const entry of [...group.entries.values()]) this.#take(entry)
      this.release(bucket)
    }
  }

  #shrink(): void {
    while (this.#sieve.bytes > this.maxBytes) {
      const victim = this.#sieve.victim()
      if (victim instanceof Entry) this.remove(victim)
      else if (victim instanceof Marker) {
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
