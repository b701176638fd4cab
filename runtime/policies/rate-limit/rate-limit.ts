import type { Policy } from '../../core/policy.ts'
import type { Algorithm } from '../../limits/algorithm.ts'
import type { LimitBy } from '../../limits/caller.ts'
import type { SharedRate } from '../../limits/count-store.ts'
import { fixedWindow } from '../../limits/fixed-window.ts'
import { gate } from '../../limits/gate.ts'
import { Limit, type SharedOptions, type TierOptions } from '../../limits/limit.ts'
import type { LimitHeaders } from '../../limits/limit-fields.ts'
import { slidingWindow } from '../../limits/sliding-window.ts'
import { tokenBucket } from '../../limits/token-bucket.ts'

export interface RateLimitOptions extends SharedRate {
  /** What the fields and the problem call it; printable ASCII. */
  readonly name: string
  readonly by: LimitBy
  readonly algorithm: 'sliding-window' | 'token-bucket' | 'fixed-window'
  readonly headers: LimitHeaders
  /** What consumers of a plan get instead. */
  readonly plans?: Readonly<Record<string, SharedRate>>
  /** Where all instances of the service count together; without it each process counts for itself. */
  readonly shared?: SharedOptions
  /** What the workers of a service call it among themselves, where it has no store. */
  readonly id?: string
}

/** For tests: time and room that can be looked through. */
export interface RateLimitSurroundings {
  /** Milliseconds that never jump: setting the machine's clock gives nobody a fresh quota. */
  readonly clock?: () => number
  /** Callers remembered at once, of each of two sorts: those somebody verified, and those anybody can invent. */
  readonly capacity?: number
}

/** One named limit, counted in this process or in a store. A refused request costs nothing in any limit. */
export function rateLimit(options: RateLimitOptions, surroundings: RateLimitSurroundings = {}): Policy {
  const { name, by, headers, algorithm, plans = {}, shared, id } = options
  const { clock = () => performance.now(), capacity = 100_000 } = surroundings
  const makers = { 'sliding-window': slidingWindow, 'token-bucket': tokenBucket, 'fixed-window': fixedWindow }
  const make = makers[algorithm] as (rate: SharedRate) => Algorithm<unknown>
  const tierOf = (rate: SharedRate): TierOptions => ({
    rate,
    algorithm: make(rate),
    counted: algorithm,
    windowMs: rate.windowMs,
    words: `${rate.quota} in ${duration(rate.windowMs)}`,
  })
  const tiers = Object.fromEntries(Object.entries(plans).map(([plan, rate]) => [plan, tierOf(rate)]))
  const common = tierOf(options)
  return gate(new Limit({ policy: 'rateLimit', name, by, headers, common, plans: tiers, shared, id, clock, capacity }))
}

function duration(ms: number): string {
  if (ms % 1000 !== 0) return `${ms} milliseconds`
  return ms === 1000 ? '1 second' : `${ms / 1000} seconds`
}
