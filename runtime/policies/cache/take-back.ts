import type { Bucket, Entry, Place } from './bucket.ts'
import type { CacheStore } from './cache-store.ts'
import { everything, type Mark, type Purge } from './marks.ts'
import { staled } from './stored-response.ts'

/**
 * RFC 9111 §4.4 and purges: takes back every answer that one of the marks finds; what is on its way now is not kept, and
 * nobody waits for it. Soft: what is stored becomes stale.
 * @returns how many answers that were
 */
export function takeBack(store: CacheStore, marks: readonly Mark[], how: Purge): number {
  let count = 0
  for (const bucket of bucketsOf(store, marks)) count += empty(store, bucket, how)
  for (const entry of store.marked.find(marks)) count += takeOne(store, entry, how)
  for (const fetch of store.fetches) {
    if (!fetch.isSpoiled && fetch.marks.some((mark) => marks.includes(mark))) {
      fetch.isSpoiled = true
      fetch.bucket.flights.clear()
    }
  }
  return count
}

/** The buckets that `*`, `u …` and `p …` mean. */
function bucketsOf({ resources }: CacheStore, marks: readonly Mark[]): Bucket[] {
  const meant = new Set<Place | undefined>()
  for (const mark of marks) {
    const rest = mark.slice(2)
    if (mark.startsWith('u ')) meant.add(resources.get(rest))
    else if (mark === everything || mark.startsWith('p ')) {
      for (const resource of resources.values())
        if (mark === everything || resource.key.endsWith(` ${rest}`)) meant.add(resource)
    }
  }
  return [...meant].flatMap((resource) => [...(resource?.buckets.values() ?? [])])
}

function empty(store: CacheStore, bucket: Bucket, how: Purge): number {
  let count = 0
  for (const fetch of bucket.fetches) fetch.isSpoiled = true
  bucket.flights.clear()
  for (const group of [...bucket.groups])
    for (const entry of [...group.entries.values()]) count += takeOne(store, entry, how)
  store.release(bucket)
  return count
}

function takeOne(store: CacheStore, entry: Entry, how: Purge): number {
  if (how === 'soft') store.replace(entry, staled(entry.response, store.now()))
  else store.remove(entry)
  return 1
}
