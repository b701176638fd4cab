import type { BodyText } from '../../core/answer.ts'
import type { FieldBlock } from '../../core/field-block.ts'
import type { Flight } from './flight.ts'
import type { Mark } from './marks.ts'
import { Kept } from './sieve.ts'
import type { StoredResponse } from './stored-response.ts'

/** The audience of a response for everybody; any other is one consumer's. */
export const everybody = ''

/** Accounted for every entry beside its bytes: objects, map entries, heads of strings and arrays. */
const overhead = 1024

/** What is asked for, whatever the query: an unsafe request to it spoils all its answers. */
export interface Place {
  readonly key: string
  readonly buckets: Map<string, Bucket>
}

/** Entries selected by the same fields of the request. */
export interface VariantGroup {
  readonly names: readonly string[]
  /** By audience and selecting values, oldest first. */
  readonly entries: Map<string, Entry>
}

/** A fetch that is not finished; what it brings is not kept once its target has been invalidated. */
export interface Fetch {
  isSpoiled: boolean
  readonly bucket: Bucket
  readonly marks: readonly Mark[]
}

/** What is kept and under way for one target URI, its query in canonical form. */
export class Bucket {
  readonly resource: Place
  readonly query: string
  readonly groups: VariantGroup[] = []
  readonly flights = new Map<string, Flight>()
  readonly fetches = new Set<Fetch>()
  marker: Marker | undefined

  constructor(resource: Place, query: string) {
    this.resource = resource
    this.query = query
    this.marker = undefined
  }

  get isIdle(): boolean {
    return this.groups.length === 0 && this.flights.size === 0 && this.fetches.size === 0 && this.marker === undefined
  }

  get count(): number {
    let count = 0
    for (const group of this.groups) count += group.entries.size
    return count
  }

  /** Whether anything for everybody is stored, fresh or not: then callers may wait for each other's requests. */
  get hasShared(): boolean {
    return this.isSeenBy([everybody])
  }

  isSeenBy(audiences: readonly string[]): boolean {
    for (const group of this.groups) {
      for (const entry of group.entries.values()) if (audiences.includes(entry.audience)) return true
    }
    return false
  }

  get oldest(): Entry | undefined {
    let oldest: Entry | undefined
    for (const group of this.groups) {
      const [first] = group.entries.values()
      if (first !== undefined && first.response.arrived < (oldest?.response.arrived ?? Infinity)) oldest = first
    }
    return oldest
  }

  /** The group of these names, in the bucket. */
  group(names: readonly string[]): VariantGroup {
    const known = this.groups.find((group) => group.names.join() === names.join())
    if (known !== undefined) return known
    const group = { names, entries: new Map<string, Entry>() }
    this.groups.push(group)
    return group
  }

  holds(entry: Entry): boolean {
    return this.groups.some((group) => group.entries.get(entry.key) === entry)
  }

  /** Forgets a group that holds nothing. */
  tidy(group: VariantGroup): void {
    const at = group.entries.size === 0 ? this.groups.indexOf(group) : -1
    if (at !== -1) this.groups.splice(at, 1)
  }
}

/** What a plain hit is sent with: `stored-answer.ts`. */
export interface ReadyHit {
  /** Seconds; the fields are made once for each. */
  readonly age: number
  readonly block: FieldBlock
  /** Kept while the entry is asked for often: `body-texts.ts`. */
  text: BodyText | undefined
}

/** A stored response in its place. */
export class Entry extends Kept {
  readonly response: StoredResponse
  readonly bucket: Bucket
  readonly audience: string
  readonly names: readonly string[]
  /** The request's values in the fields that `Vary` names. */
  readonly variant: string
  /** What it is found by when something changes, beside its resource: its operation and its tags. */
  readonly marks: readonly Mark[]
  readonly size: number
  ready: ReadyHit | undefined

  constructor(
    response: StoredResponse,
    bucket: Bucket,
    audience: string,
    names: readonly string[],
    variant: string,
    marks: readonly Mark[],
  ) {
    super()
    this.response = response
    this.bucket = bucket
    this.audience = audience
    this.names = names
    this.variant = variant
    this.marks = marks
    let size = overhead + response.body.length + bucket.query.length + bucket.resource.key.length + variant.length
    for (const part of response.fields) size += part.length + 16
    for (const mark of marks) size += mark.length + 64
    this.size = size
    this.ready = undefined
  }

  get key(): string {
    return this.audience + this.variant
  }

  /** Another response in the same place, not stored. */
  with(response: StoredResponse): Entry {
    return new Entry(response, this.bucket, this.audience, this.names, this.variant, this.marks)
  }
}

/** Remembers for a while that answers of a target cannot be shared, so that nobody waits for another's. */
export class Marker extends Kept {
  readonly bucket: Bucket
  readonly until: number
  readonly size: number

  constructor(bucket: Bucket, until: number) {
    super()
    this.bucket = bucket
    this.until = until
    this.size = overhead + bucket.query.length + bucket.resource.key.length
  }
}
