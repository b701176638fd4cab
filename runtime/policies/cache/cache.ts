import type { Policy } from '../../core/policy.ts'
import { CacheStore } from './cache-store.ts'
import { ResponseCache } from './response-cache.ts'
import type { CachingOptions } from './settings.ts'

/** The one store of a service. @param maxBytes everything that is kept, fields and overhead included */
export function cacheStore({ maxBytes }: { readonly maxBytes: number }): CacheStore {
  return new CacheStore(maxBytes)
}

/** A shared cache as RFC 9111 has it: answers GET and HEAD from the store where it may, keeps what may be kept. */
export function cache(options: CachingOptions): Policy {
  return (next) => {
    const responses = new ResponseCache(options, next)
    return (exchange) => responses.handle(exchange)
  }
}
