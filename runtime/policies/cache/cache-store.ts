import type { Fields } from '../../core/headers.ts'
import type { Measure, Resource } from '../../core/resource.ts'
import { heardByWorkers, type TellWorkers } from '../../store/worker-store.ts'
import { Bucket, Entry, type Fetch, Marker, type Place } from './bucket.ts'
import { type Change, changeMarks, type Purging, purgeMarks } from './change.ts'
import { resourceKey } from './key.ts'
import { MarkIndex } from './mark-index.ts'
import { type Mark, type Purge, resourceMark } from './marks.ts'
import { measuresOf, type Tally } from './measures.ts'
import { Sieve } from './sieve.ts'
import type { StoredResponse } from './stored-response.ts'
import { takeBack } from './take-back.ts'
import type { Tier } from './tier.ts'
import { selectingKey, varyNames } from './vary.ts'

/** Variants of one target; more push the oldest out, so that one address cannot fill the store with `Vary`. */
const variantLimit = 64

/** Where an answer stands in its bucket, and what finds it. */
export type Placing = Pick<Entry, 'audience' | 'names' | 'variant' | 'marks'>

/** The stored responses of a service, in memory, within a budget of bytes. */
export class CacheStore implements Resource {
  readonly name = 'stored answers'
  /** How often each operation was asked and answered from here. */
  readonly tallies: Tally[] = []
  readonly maxBytes: number
  readonly now: () => number
  /** Bytes of bodies that are being copied and are not stored yet. */
  copying = 0
  readonly resources = new Map<string, Place>()
  readonly #sieve = new Sieve()
  readonly marked = new MarkIndex()
  /** What has been asked for and is not there yet, in whatever bucket. */
  readonly fetches = new Set<Fetch>()
  /** What several instances share; undefined: this is all there is. */
  readonly tier: Tier | undefined
  /** Tells the other processes of this service what is taken back; undefined: there are none, or they share a tier. */
  readonly #tellWorkers: TellWorkers<readonly [readonly Mark[], Purge], number> | undefined
  /** What the budget has pushed out. */
  evictions = 0

  /** @param now milliseconds since 1970; replaced in tests */
  constructor(maxBytes: number, now: () => number = Date.now, tier?: (memory: CacheStore) => Tier) {
    this.maxBytes = maxBytes
    this.now = now
    this.tier = tier?.(this)
    const hear = ([marks, how]: readonly [readonly Mark[], Purge]): number => this.takeBack(marks, how)
    this.#tellWorkers = this.tier === undefined ? heardByWorkers('cache', hear) : undefined
  }

  /** What the stored responses are accounted with; never more than the budget. */
  get bytes(): number {
    return this.#sieve.bytes
  }

  /** Whether another body of this length may be copied; unfinished copies may take a quarter of the budget. */
  hasRoomFor(length: number): boolean {
    return this.copying + length <= this.maxBytes / 4
  }

  /** How many answers are stored. */
  get count(): number {
    return this.marked.count
  }

  find(key: string, query: string): Bucket | undefined {
    return this.resources.get(key)?.buckets.get(query)
  }

  /**
   * The bucket of a target, made where there is none. Whoever opens one adds a fetch or a flight to it at once, which
   * keeps it in its place, and calls `release` when that has ended.
   */
  open(key: string, query: string): Bucket {
    let resource = this.resources.get(key)
    if (resource === undefined) {
      resource = { key, buckets: new Map() }
      this.resources.set(key, resource)
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
    if (buckets.size === 0) this.resources.delete(key)
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
    this.marked.add(entry)
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
      this.marked.remove(entry)
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

  /**
   * RFC 9111 §4.4: forgets every answer of these paths, whatever their query, and of these operations and tags. Resolves
   * when other instances have been told.
   */
  forget(change: Change): number | Promise<number> {
    return this.changed(changeMarks(change))
  }

  /** Forgets one path. */
  invalidate(secure: boolean, host: string, path: string): number | Promise<number> {
    return this.changed([resourceMark(resourceKey(secure, host, path))])
  }

  /** Takes back what the marks find, here and wherever else it is stored. @returns how many answers this process knows of */
  changed(marks: readonly Mark[], how: Purge = 'hard'): number | Promise<number> {
    const count = this.takeBack(marks, how)
    if (this.tier !== undefined) return this.tier.tell(marks, how).then(() => count)
    return this.#tellWorkers?.([marks, how]).then((others) => others.reduce((sum, one) => sum + one, count)) ?? count
  }

  /** `POST /cache/purge`: by tag, operation, path (with every query, of whatever host), or all. */
  purge(purging: Purging): number | Promise<number> {
    return this.changed(purgeMarks(purging), purging.soft === true ? 'soft' : 'hard')
  }

  measures(): Measure[] {
    return measuresOf(this)
  }

  /** {@link takeBack} */
  takeBack(marks: readonly Mark[], how: Purge = 'hard'): number {
    return takeBack(this, marks, how)
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
