import type { Exchange } from '../../core/exchange.ts'
import type { Next, Policy } from '../../core/policy.ts'
import { Rejection, reject } from '../../core/rejection.ts'
import type { RedisStore } from '../../store/redis-store.ts'
import type { Algorithm, Rate, Ruling } from './algorithm.ts'
import { type Caller, callerBy, type LimitBy } from './caller.ts'
import { fixedWindow } from './fixed-window.ts'
import { Ledger } from './ledger.ts'
import { type LimitFields, type LimitHeaders, limitFields, wholeSeconds } from './limit-fields.ts'
import { sharedCount } from './shared-count.ts'
import { isLate, late, sharedLimit } from './shared-limit.ts'
import { slidingWindow } from './sliding-window.ts'
import { tokenBucket } from './token-bucket.ts'

export interface RateLimitOptions extends PlanRate {
  /** What the fields and the problem call it; printable ASCII. */
  readonly name: string
  readonly by: LimitBy
  readonly algorithm: 'sliding-window' | 'token-bucket' | 'fixed-window'
  readonly headers: LimitHeaders
  /** What consumers of a plan get instead. */
  readonly plans?: Readonly<Record<string, PlanRate>>
  /** Where all instances of the service count together; without it each process counts for itself. */
  readonly shared?: SharedOptions
}

export interface SharedOptions {
  readonly store: RedisStore
  /** Tells this limit from all others of the service, whatever they are called. */
  readonly id: string
  readonly onStoreError: 'open' | 'closed'
}

/** So many units in so long, and what a request takes of them. */
export interface PlanRate extends Rate {
  /** Token bucket only: the most that can be had at once; the quota where it is not given. */
  readonly burst?: number
  readonly cost: number
}

/** For tests: time and room that can be looked through. */
export interface RateLimitSurroundings {
  /** Milliseconds that never jump: setting the machine's clock gives nobody a fresh quota. */
  readonly clock?: () => number
  /** Callers remembered at once, of each of two sorts: those somebody verified, and those anybody can invent. */
  readonly capacity?: number
}

/**
 * One named limit, counted in this process or in a store. A refused request costs nothing: neither here nor in the limits before this
 * one, which take back what they have counted for it.
 */
export function rateLimit(options: RateLimitOptions, surroundings: RateLimitSurroundings = {}): Policy {
  const makers = { 'sliding-window': slidingWindow, 'token-bucket': tokenBucket, 'fixed-window': fixedWindow }
  return limit(options, makers[options.algorithm] as (rate: PlanRate) => Algorithm<unknown>, surroundings)
}

interface Tier<S> extends PlanRate {
  readonly algorithm: Algorithm<S>
  readonly fields: LimitFields
}

function limit<S>(
  options: RateLimitOptions,
  make: (rate: PlanRate) => Algorithm<S>,
  { clock = () => performance.now(), capacity = 100_000 }: RateLimitSurroundings,
): Policy {
  const { name, headers, plans = {} } = options
  const tierOf = (rate: PlanRate): Tier<S> => ({
    ...rate,
    algorithm: make(rate),
    fields: limitFields({ name, quota: rate.quota, windowMs: rate.windowMs }, headers),
  })
  const common = tierOf(options)
  const tiers = new Map(Object.entries(plans).map(([plan, rate]) => [plan, tierOf(rate)]))
  const callerOf = callerBy(options.by)
  const horizonMs = Math.max(...[common, ...tiers.values()].map((tier) => tier.algorithm.horizonMs))
  const rules = { remaining: common.algorithm.remaining, horizonMs, capacity }
  const known = new Ledger<S>(rules)
  const strangers = new Ledger<S>(rules)
  // One for all: nothing comes between a ruling and what is made of it.
  const ruling: Ruling = { admitted: true, remaining: 0, effectiveMs: 0 }

  const local: Policy = (next) => {
    const waits = isLate(next)
    const handle: Next = (exchange) => {
      const tier = tierFor(exchange)
      const caller = callerOf(exchange)
      const now = clock()
      const state = (caller.known ? known : strangers).of(caller.key, now, tier.algorithm.fresh)
      tier.algorithm.take(state, tier.cost, now, ruling)
      tier.fields.write(exchange, ruling)
      if (!ruling.admitted) throw refusal(exchange, name, tier, caller, ruling)
      const failed = (error: unknown): never => {
        if (error instanceof Rejection && error.kind === 'quota-exceeded') {
          tier.algorithm.giveBack(state, tier.cost)
          tier.fields.rewrite(exchange, Math.floor(tier.algorithm.remaining(state, now)))
        }
        throw error
      }
      try {
        const answer = next(exchange)
        return waits && answer instanceof Promise ? answer.catch(failed) : answer
      } catch (error) {
        // Limits stand next to each other, and those in this process rule at once: one that refuses does it here.
        return failed(error)
      }
    }
    return waits ? late(handle) : handle
  }
  const { shared } = options
  if (shared === undefined) return local
  return sharedLimit({
    count: sharedCount(shared.store, shared.id, options.algorithm),
    onStoreError: shared.onStoreError,
    local,
    of: (exchange) => ({ caller: callerOf(exchange).key, rate: tierFor(exchange) }),
    tell(exchange, ruling) {
      const tier = tierFor(exchange)
      tier.fields.write(exchange, ruling)
      if (!ruling.admitted) throw refusal(exchange, name, tier, callerOf(exchange), ruling)
    },
    correct: (exchange, remaining) => tierFor(exchange).fields.rewrite(exchange, remaining),
  })

  function tierFor({ consumer }: Exchange): Tier<S> {
    return (consumer?.plan === undefined ? undefined : tiers.get(consumer.plan)) ?? common
  }
}

function refusal(exchange: Exchange, name: string, tier: PlanRate, caller: Caller, ruling: Ruling): Rejection {
  const wait = wholeSeconds(ruling.effectiveMs)
  exchange.record('rateLimit', 'refused', { limit: name, known: caller.known })
  return reject('quota-exceeded', {
    detail: `The limit "${name}" of ${tier.quota} in ${duration(tier.windowMs)} is used up; try again in ${duration(wait * 1000)}.`,
    headers: ['Retry-After', String(wait)],
    extensions: { 'violated-policies': [name] },
  })
}

function duration(ms: number): string {
  if (ms % 1000 !== 0) return `${ms} milliseconds`
  return ms === 1000 ? '1 second' : `${ms / 1000} seconds`
}
