import type { Exchange } from '../core/exchange.ts'
import { Rejection, reject } from '../core/rejection.ts'
import type { Ruling } from './algorithm.ts'
import type { Caller } from './caller.ts'
import type { Limit, Tier } from './limit.ts'
import { wholeSeconds } from './limit-fields.ts'

/** What one limit says to one request. */
export interface Judgement {
  readonly limit: Limit
  readonly tier: Tier
  readonly caller: Caller
  readonly ruling: Ruling
}

/** Tells the caller of every limit. */
export function tell(exchange: Exchange, judgements: readonly Judgement[]): void {
  let tightest: Judgement | undefined
  for (const one of judgements) {
    one.tier.fields.draft?.(exchange, one.ruling)
    if (one.tier.fields.legacy !== undefined && (tightest === undefined || isTighter(one.ruling, tightest.ruling))) {
      tightest = one
    }
  }
  // These fields have no room for names: they can speak of one limit only.
  tightest?.tier.fields.legacy?.(exchange, tightest.ruling)
}

/** The refusal that names every limit that is used up, and how long the last of them will be. */
export function refusal(exchange: Exchange, judgements: readonly Judgement[]): Rejection {
  const violated = judgements.filter(({ ruling }) => !ruling.admitted)
  for (const { limit, caller } of violated) {
    exchange.record(limit.policy, 'refused', { limit: limit.name, known: caller.known })
  }
  const last = violated.reduce((one, other) => (isTighter(other.ruling, one.ruling) ? other : one))
  const wait = wholeSeconds(last.ruling.effectiveMs)
  return reject('quota-exceeded', {
    detail: `The limit "${last.limit.name}" of ${last.tier.words} is used up; try again in ${wait === 1 ? '1 second' : `${wait} seconds`}.`,
    headers: ['Retry-After', String(wait)],
    extensions: { 'violated-policies': violated.map(({ limit }) => limit.name) },
  })
}

/** Whether a limit further in has refused: then those before it have counted for nothing. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Rejection && error.options.extensions?.['violated-policies'] !== undefined
}

function isTighter(one: Ruling, other: Ruling): boolean {
  if (one.admitted !== other.admitted) return !one.admitted
  return one.admitted ? one.remaining < other.remaining : one.effectiveMs > other.effectiveMs
}
