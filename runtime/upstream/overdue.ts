import type { Timeouts } from '../core/exchange.ts'

/** How far a call has come. */
export type Phase = 'reading' | 'waiting' | 'connecting' | 'sending' | 'sent' | 'receiving' | 'over'

/** What the clock needs to know of a call; times are of `performance.now()`. */
export interface Progress {
  readonly phase: Phase
  readonly startedAt: number
  /** When the phase began, or something last moved in it. */
  readonly activeAt: number
  /** One of the bodies is longer than what is kept in memory. */
  readonly isStreamed: boolean
  /** The other side of the proxy holds the body back: the client reads slowly, or sends slowly. */
  readonly isHeldBack: boolean
}

/** Why a call's time is up, for the log; undefined while it is not. */
export function overdue(call: Progress, timeouts: Timeouts, now: number): string | undefined {
  const { connect, firstByte, idle, total } = timeouts
  const quiet = now - call.activeAt
  switch (call.phase) {
    case 'waiting':
      if (isPast(quiet, connect)) return 'no free connection in time'
      break
    case 'connecting':
      if (isPast(quiet, connect)) return 'no connection in time'
      break
    case 'sending':
      if (isPast(quiet, idle) && !call.isHeldBack) return 'the upstream stopped reading'
      break
    case 'sent':
      if (isPast(quiet, firstByte)) return 'no answer in time'
      break
    case 'receiving':
      if (isPast(quiet, idle) && !call.isHeldBack) return 'the answer stopped'
      break
    case 'reading':
    case 'over':
      // Clients are judged by the server.
      return undefined
  }
  return !call.isStreamed && isPast(now - call.startedAt, total) ? 'not done in time' : undefined
}

function isPast(time: number, limit: number): boolean {
  return limit > 0 && time > limit
}
