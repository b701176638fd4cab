import type { Algorithm } from './algorithm.ts'
import { type CalendarUnit, calendarSpan } from './calendar.ts'

export interface CalendarWindowState {
  start: number
  end: number
  used: number
}

const longest: Readonly<Record<CalendarUnit, number>> = {
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 31 * 86_400_000,
}

/**
 * So much in each day, week or month of the calendar, in UTC: the same windows for everybody. Its clock tells
 * milliseconds since the epoch; where that goes back after all, the window that has begun goes on.
 */
export function calendarWindow(quota: number, unit: CalendarUnit): Algorithm<CalendarWindowState> {
  const roll = (state: CalendarWindowState, now: number): void => {
    if (now < state.end) return
    const { start, end } = calendarSpan(unit, now)
    state.start = start
    state.end = end
    state.used = 0
  }
  return {
    horizonMs: longest[unit],
    fresh: (now) => ({ ...calendarSpan(unit, now), used: 0 }),
    take(state, cost, now, ruling) {
      roll(state, now)
      ruling.admitted = state.used + cost <= quota
      if (ruling.admitted) state.used += cost
      ruling.remaining = Math.max(0, quota - state.used)
      ruling.effectiveMs = state.end - now
    },
    giveBack(state, cost) {
      state.used -= cost
    },
    remaining: (state, now) => (now < state.end ? Math.max(0, quota - state.used) : quota),
  }
}
