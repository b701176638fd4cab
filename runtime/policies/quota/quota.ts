import type { Policy } from '../../core/policy.ts'
import type { Algorithm } from '../../limits/algorithm.ts'
import { type CalendarUnit, calendarLength } from '../../limits/calendar.ts'
import { calendarClock } from '../../limits/calendar-clock.ts'
import { calendarWindow } from '../../limits/calendar-window.ts'
import type { LimitBy } from '../../limits/caller.ts'
import { gate } from '../../limits/gate.ts'
import { Limit, type SharedOptions, type TierOptions } from '../../limits/limit.ts'
import type { LimitHeaders } from '../../limits/limit-fields.ts'

export interface QuotaOptions extends QuotaRate {
  /** What the fields and the problem call it; printable ASCII. */
  readonly name: string
  readonly by: LimitBy
  readonly headers: LimitHeaders
  /** What consumers of a plan get instead. */
  readonly plans?: Readonly<Record<string, QuotaRate>>
  /** Where all instances of the service count together, and what outlives them. */
  readonly shared?: SharedOptions
  /** What the workers of a service call it among themselves, where it has no store. */
  readonly id?: string
}

/** So many units in each window of the calendar, in UTC, and what a request takes of them. */
export interface QuotaRate {
  readonly quota: number
  readonly window: CalendarUnit
  readonly cost: number
}

/** For tests: time and room that can be looked through. */
export interface QuotaSurroundings {
  /** Milliseconds since the epoch; {@link calendarClock} says which. */
  readonly clock?: () => number
  readonly capacity?: number
}

/** One named quota of the calendar. It is judged together with the rate limits of the operation. */
export function quota(options: QuotaOptions, surroundings: QuotaSurroundings = {}): Policy {
  const { name, by, headers, plans = {}, shared, id } = options
  const { clock = calendarClock(), capacity = 100_000 } = surroundings
  const tiers = Object.fromEntries(Object.entries(plans).map(([plan, rate]) => [plan, tierOf(rate)]))
  const common = tierOf(options)
  return gate(new Limit({ policy: 'quota', name, by, headers, common, plans: tiers, shared, id, clock, capacity }))
}

function tierOf({ quota, window, cost }: QuotaRate): TierOptions {
  return {
    // A store knows the calendar itself.
    rate: { quota, cost, windowMs: 0 },
    algorithm: calendarWindow(quota, window) as Algorithm<unknown>,
    counted: window,
    windowMs: calendarLength[window],
    words: `${quota} a ${window}`,
  }
}
