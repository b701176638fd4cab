import type { Answer } from '../core/answer.ts'
import type { Exchange } from '../core/exchange.ts'
import type { Next, Policy } from '../core/policy.ts'
import type { Ruling } from './algorithm.ts'
import { isRefusal, type Judgement, refusal, tell } from './judgement.ts'
import type { Limit } from './limit.ts'
import { giveBack, judgeLocally } from './local-judgement.ts'
import { sharedJudge } from './shared-gate.ts'

/** The limits of an operation that stand next to each other, judged together. */
interface Gate extends Next {
  readonly limits: readonly Limit[]
  readonly rest: Next
}

/** What may refuse a request after these limits have counted it, as a limit of another kind. */
interface LimitingNext extends Next {
  readonly refuses?: true
}

/** Marks a handler whose refusals cost nothing in the limits before it. */
export function refusing(next: Next): Next {
  return Object.assign(next, { refuses: true as const })
}

/**
 * Puts a limit before the rest of the way. Limits that follow one another become one gate: each of them counts the
 * request, or none where one refuses, and a refusal names all that are used up.
 */
export function gate(limit: Limit): Policy {
  return (next) => {
    const [limits, rest] = isGate(next) ? [[limit, ...next.limits], next.rest] : [[limit], next]
    const handle = limits.some(({ shared }) => shared !== undefined)
      ? sharedGate(limits, rest)
      : localGate(limits, rest)
    return Object.assign(handle, { limits, rest })
  }
}

function mayRefuse(next: LimitingNext): boolean {
  return next.refuses === true
}

function isGate(next: Next): next is Gate {
  return 'limits' in next && 'rest' in next
}

/** One limit of this process, as most operations have: nothing is made for a request but its fields. */
function onlyGate(limit: Limit, rest: Next): Next {
  // One for all: nothing comes between a ruling and what is made of it.
  const ruling: Ruling = { admitted: true, remaining: 0, effectiveMs: 0 }
  return (exchange) => {
    const tier = limit.tierFor(exchange)
    const caller = limit.callerOf(exchange)
    const now = limit.clock()
    tier.algorithm.take(limit.stateOf(caller, tier, now), tier.rate.cost, now, ruling)
    tier.fields.draft?.(exchange, ruling)
    tier.fields.legacy?.(exchange, ruling)
    if (!ruling.admitted) throw refusal(exchange, [{ limit, tier, caller, ruling }])
    return rest(exchange)
  }
}

/** Everything is counted in this process: no promise. */
function localGate(limits: readonly Limit[], rest: Next): Next {
  if (limits.length === 1 && !mayRefuse(rest)) return onlyGate(limits[0]!, rest)
  const onward = wayOn(rest)
  return (exchange) => {
    const judgements = judgeLocally(exchange, limits)
    const giveAllBack = (): void => judgements.forEach(giveBack)
    if (judgements.every(({ ruling }) => ruling.admitted)) return onward(exchange, judgements, giveAllBack)
    giveAllBack()
    tell(exchange, judgements)
    throw refusal(exchange, judgements)
  }
}

/** Some of it is counted in stores. */
function sharedGate(limits: readonly Limit[], rest: Next): Next {
  const onward = wayOn(rest)
  const judge = sharedJudge(limits)
  return async (exchange) => {
    const { judgements, isRefused, giveBack } = await judge(exchange)
    if (!isRefused) return onward(exchange, judgements, giveBack)
    tell(exchange, judgements)
    throw refusal(exchange, judgements)
  }
}

type WayOn = (exchange: Exchange, judgements: readonly Judgement[], giveAllBack: () => void) => Answer | Promise<Answer>

/** Goes on with what was admitted; where something further in refuses it as a limit does, takes it back. */
function wayOn(rest: Next): WayOn {
  if (!mayRefuse(rest)) {
    return (exchange, judgements) => {
      tell(exchange, judgements)
      return rest(exchange)
    }
  }
  return (exchange, judgements, giveAllBack) => {
    const told = exchange.replyFields.length
    tell(exchange, judgements)
    const failed = (error: unknown): never => {
      if (isRefusal(error)) {
        giveAllBack()
        exchange.replyFields.length = told
        tell(exchange, judgements)
      }
      throw error
    }
    try {
      const answer = rest(exchange)
      return answer instanceof Promise ? answer.catch(failed) : answer
    } catch (error) {
      return failed(error)
    }
  }
}
