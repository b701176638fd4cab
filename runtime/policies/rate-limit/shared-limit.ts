import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Next, Policy } from '../../core/policy.ts'
import { Rejection, reject } from '../../core/rejection.ts'
import { StoreError } from '../../store/store-error.ts'
import type { Ruling } from './algorithm.ts'
import type { SharedCount, SharedRate, SharedRuling } from './shared-count.ts'

export interface SharedLimit {
  readonly count: SharedCount
  /** What a request meets while the store cannot rule: this process counts alone, or the request is refused. */
  readonly onStoreError: 'open' | 'closed'
  readonly local: Policy
  /** What is counted together, and by which rate. */
  of(exchange: Exchange): { readonly caller: string; readonly rate: SharedRate }
  /** Tells the caller. @throws Rejection where the ruling is a refusal */
  tell(exchange: Exchange, ruling: Ruling): void
  /** Corrects what was told: another limit refused. */
  correct(exchange: Exchange, remaining: number): void
}

/** A handler that rules later: a limit before it must wait to learn of a refusal. */
interface LateNext extends Next {
  readonly isLate?: true
}

/** Whether a limit further in rules beside the event loop. */
export function isLate(next: Next): boolean {
  return (next as LateNext).isLate === true
}

export function late(next: Next): Next {
  return Object.assign(next, { isLate: true as const })
}

/** Counts in the store that all instances share. */
export function sharedLimit({ count, onStoreError, local, of, tell, correct }: SharedLimit): Policy {
  return (next) => {
    const alone = local(next)
    return late(async (exchange) => {
      const { caller, rate } = of(exchange)
      let ruling: SharedRuling
      try {
        ruling = await count.take(caller, rate)
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        exchange.record('rateLimit', 'store-lost', { store: error.kind })
        if (onStoreError === 'open') return alone(exchange)
        throw reject('service-unavailable', {
          detail: 'Requests cannot be counted at the moment.',
          headers: ['Retry-After', '1'],
          cause: error,
        })
      }
      tell(exchange, ruling)
      return withGiveBack(
        () => next(exchange),
        () => {
          // What cannot be given back is lost with its window.
          count.giveBack(caller, rate, ruling).catch(() => {})
          correct(exchange, ruling.remaining + rate.cost)
        },
      )
    })
  }
}

/** Runs the rest of the way; where another limit refuses, this one takes back what it has counted. */
async function withGiveBack(rest: () => Answer | Promise<Answer>, giveBack: () => void): Promise<Answer> {
  try {
    return await rest()
  } catch (error) {
    if (error instanceof Rejection && error.kind === 'quota-exceeded') giveBack()
    throw error
  }
}
