import type { Template } from '../../core/template.ts'
import type { CacheStore } from './cache-store.ts'
import type { ConsumerKey } from './caller.ts'
import type { QueryDefaults, QueryKey } from './key.ts'

/** A cached operation. Durations are seconds, sizes bytes. */
export interface CachingOptions {
  /** `rfc9111`: as the upstream says. `ttl`: the same, and `ttl` for answers of an upstream that says nothing. */
  readonly mode: 'rfc9111' | 'ttl'
  readonly ttl?: number
  readonly store: CacheStore
  /** Past its lifetime an answer is still used while a new one is fetched; where the answer has no word on it. */
  readonly staleWhileRevalidate: number
  /** Past its lifetime an answer still stands in for a 5xx or an unreachable upstream; where the answer has no word on it. */
  readonly staleIfError: number
  readonly key: {
    readonly query: QueryKey
    /** What absent query parameters stand for. */
    readonly defaults?: QueryDefaults
    /**
     * Request fields, lower case, whose values are part of the key whatever `Vary` says; `all` that may shape an answer,
     * for upstreams that do not say `Vary`.
     */
    readonly headers: 'all' | readonly string[]
    /** Names of the cookies whose values are part of the key. */
    readonly cookies?: readonly string[]
    readonly consumer: ConsumerKey
  }
  /** Whether the contract asks for credentials: their answers are for nobody else unless they say so. */
  readonly authenticated: boolean
  /** Fields that bring credentials, lower case, whose names do not tell. */
  readonly credentials?: readonly string[]
  /** What answers are found by when something has changed, beside their operation and their path. */
  readonly tags?: readonly Template[]
  /** Whether concurrent misses wait for one request. */
  readonly coalesce: boolean
  readonly maxBody: number
  /** Whether `Cache-Status` explains each answer. */
  readonly status: boolean
}
