import type { Exchange } from '../core/exchange.ts'
import type { Ruling } from './algorithm.ts'
import type { Judgement } from './judgement.ts'
import type { Limit } from './limit.ts'

export interface LocalJudgement extends Judgement {
  readonly state: unknown
}

/** Each of them by what this process has counted; those that admit the request have counted it. */
export function judgeLocally(exchange: Exchange, limits: readonly Limit[]): LocalJudgement[] {
  return limits.map((limit) => {
    const tier = limit.tierFor(exchange)
    const caller = limit.callerOf(exchange)
    const now = limit.clock()
    const state = limit.stateOf(caller, tier, now)
    const ruling: Ruling = { admitted: true, remaining: 0, effectiveMs: 0 }
    tier.algorithm.take(state, tier.rate.cost, now, ruling)
    return { limit, tier, caller, ruling, state }
  })
}

/** Takes back what was counted of a request that something else has refused. */
export function giveBack({ limit, tier, ruling, state }: LocalJudgement): void {
  if (!ruling.admitted) return
  tier.algorithm.giveBack(state, tier.rate.cost)
  ruling.remaining = Math.floor(tier.algorithm.remaining(state, limit.clock()))
}
