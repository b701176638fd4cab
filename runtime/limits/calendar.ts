/** Spans of the calendar, in UTC; weeks begin on Monday (ISO 8601). */
export type CalendarUnit = 'day' | 'week' | 'month'

export interface CalendarSpan {
  /** Milliseconds since the epoch. */
  readonly start: number
  /** The first moment of the next one. */
  readonly end: number
}

const day = 86_400_000

/** Milliseconds; undefined where they differ from one to the next. */
export const calendarLength: Readonly<Record<CalendarUnit, number | undefined>> = {
  day,
  week: 7 * day,
  month: undefined,
}

/** The day, week or month that a moment belongs to. @param now milliseconds since the epoch */
export function calendarSpan(unit: CalendarUnit, now: number): CalendarSpan {
  if (unit === 'month') {
    const date = new Date(now)
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
    return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
  }
  // The epoch began on a Thursday: three days after a Monday.
  const [length, shift] = unit === 'day' ? [day, 0] : [7 * day, 3 * day]
  const start = Math.floor((now + shift) / length) * length - shift
  return { start, end: start + length }
}
