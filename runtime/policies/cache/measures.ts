import type { Measure } from '../../core/resource.ts'
import type { CacheStore } from './cache-store.ts'

/** Of one operation: requests that the cache looked at, and those it answered without the upstream. */
export interface Tally {
  operation: string
  asked: number
  answered: number
}

/** What `/metrics` shows of a store, beside the events of `cache` that are counted by operation anyway. */
export function measuresOf(store: CacheStore): Measure[] {
  const one = (name: string, type: Measure['type'], help: string, value: number): Measure => {
    return { name, type, help, values: [{ labels: {}, value }] }
  }
  const seen = store.tallies.filter(({ asked }) => asked > 0)
  const ratios = seen.map(({ operation, asked, answered }) => ({ labels: { operation }, value: answered / asked }))
  return [
    {
      name: 'specgate_cache_hit_ratio',
      type: 'gauge',
      help: 'The share of requests answered from the store since the start.',
      values: ratios,
    },
    one('specgate_cache_bytes', 'gauge', 'Memory that stored answers are accounted with.', store.bytes),
    one('specgate_cache_bytes_limit', 'gauge', 'The most of it.', store.maxBytes),
    one('specgate_cache_entries', 'gauge', 'Stored answers in memory.', store.count),
    one('specgate_cache_evictions_total', 'counter', 'Stored answers given up for others.', store.evictions),
    one(
      'specgate_cache_store_errors_total',
      'counter',
      'What a shared store was asked and did not do.',
      store.tier?.errors ?? 0,
    ),
  ]
}
