import type { Policy } from '../../core/policy.ts'
import { CacheStore } from './cache-store.ts'
import { RedisTier, type SharedStore } from './redis-tier.ts'
import { ResponseCache } from './response-cache.ts'
import type { CachingOptions } from './settings.ts'

/** The one store of a service. @param maxBytes everything that is kept, fields and overhead included */
export function cacheStore({ maxBytes }: { readonly maxBytes: number }): CacheStore {
  return new CacheStore(maxBytes)
}

/** The same in front of a store that other instances use as well. @param maxBytes of what this instance keeps in memory */
export function sharedCacheStore({ maxBytes, store }: { readonly maxBytes: number; readonly store: SharedStore }) {
  return new CacheStore(maxBytes, Date.now, (memory) => new RedisTier(store, memory))
}

/** A shared cache as RFC 9111 has it: answers GET and HEAD from the store where it may, keeps what may be kept. */
export function cache(options: CachingOptions): Policy {
  return (next) => {
    const responses = new ResponseCache(options, next)
    return (exchange) => responses.handle(exchange)
  }
}
