import { hash } from 'node:crypto'
import type { Exchange } from '../core/exchange.ts'
import type { Algorithm } from './algorithm.ts'
import { type Caller, callerBy, type LimitBy } from './caller.ts'
import type { Asked, CountStore, SharedAlgorithm, SharedRate } from './count-store.ts'
import { Ledger } from './ledger.ts'
import { type LimitFields, type LimitHeaders, limitFields } from './limit-fields.ts'
import { workerCounts } from './worker-counts.ts'

/** So many units, and what a request takes of them: what a plan may override. */
export interface TierOptions {
  readonly rate: SharedRate
  readonly algorithm: Algorithm<unknown>
  /** How a store counts it. */
  readonly counted: SharedAlgorithm
  /** Told to callers; undefined where windows are of different lengths. */
  readonly windowMs: number | undefined
  /** `5 in 1 second`, `1000 a day`. */
  readonly words: string
}

export interface LimitOptions {
  /** What events are recorded under. */
  readonly policy: string
  /** What the fields and the problem call it; printable ASCII. */
  readonly name: string
  readonly by: LimitBy
  readonly headers: LimitHeaders
  readonly common: TierOptions
  /** What consumers of a plan get instead. */
  readonly plans: Readonly<Record<string, TierOptions>>
  readonly shared: SharedOptions | undefined
  /** Tells it from all others of the service where its workers count together, without a store. */
  readonly id: string | undefined
  /** Milliseconds: what the algorithms count by. */
  readonly clock: () => number
  /** Callers remembered at once, of each of two sorts: those somebody verified, and those anybody can invent. */
  readonly capacity: number
}

/** Where all instances of the service count together; without it each process counts for itself. */
export interface SharedOptions {
  readonly counts: CountStore
  /** Tells this limit from all others of the service, whatever they are called. */
  readonly id: string
  /** What a request meets while the store is lost: this process counts alone, or the request is refused. */
  readonly onStoreError: 'open' | 'closed'
}

export interface Tier extends TierOptions {
  readonly fields: LimitFields
}

/** The workers of a service count together; while their primary cannot be asked, each for itself. */
function amongWorkers(id: string | undefined): SharedOptions | undefined {
  const counts = id === undefined ? undefined : workerCounts()
  return counts === undefined ? undefined : { counts, id: id!, onStoreError: 'open' }
}

/** One named limit, and what this process has counted of it. */
export class Limit {
  readonly policy: string
  readonly name: string
  readonly shared: SharedOptions | undefined
  readonly clock: () => number
  readonly callerOf: (exchange: Exchange) => Caller
  readonly #common: Tier
  readonly #tiers: ReadonlyMap<string, Tier>
  readonly #known: Ledger<unknown>
  readonly #strangers: Ledger<unknown>

  constructor({ policy, name, by, headers, common, plans, shared, id, clock, capacity }: LimitOptions) {
    const tierOf = (options: TierOptions): Tier => ({
      ...options,
      fields: limitFields({ name, quota: options.rate.quota, windowMs: options.windowMs }, headers),
    })
    this.policy = policy
    this.name = name
    this.shared = shared ?? amongWorkers(id)
    this.clock = clock
    this.callerOf = callerBy(by)
    this.#common = tierOf(common)
    this.#tiers = new Map(Object.entries(plans).map(([plan, options]) => [plan, tierOf(options)]))
    const horizonMs = Math.max(...[this.#common, ...this.#tiers.values()].map(({ algorithm }) => algorithm.horizonMs))
    const { algorithm } = this.#common
    const rules = { remaining: (state: unknown, now: number) => algorithm.remaining(state, now), horizonMs, capacity }
    this.#known = new Ledger(rules)
    this.#strangers = new Ledger(rules)
  }

  tierFor({ consumer }: Exchange): Tier {
    return (consumer?.plan === undefined ? undefined : this.#tiers.get(consumer.plan)) ?? this.#common
  }

  /** What this process keeps for a caller. */
  stateOf(caller: Caller, { algorithm }: Tier, now: number): unknown {
    return (caller.known ? this.#known : this.#strangers).of(caller.key, now, algorithm.fresh)
  }

  /** The question to a store. Names of callers may be long, and are nobody's business there. */
  asked(id: string, caller: Caller, { counted, rate }: Tier): Asked {
    return { key: `${id}:${hash('sha256', caller.key, 'base64url').slice(0, 22)}`, algorithm: counted, rate }
  }
}
