import type { Algorithm, Rate } from './algorithm.ts'

export interface FixedWindowState {
  startedAt: number
  used: number
}

/**
 * A window starts with a caller's first request and ends `windowMs` later; then the next starts with the next request.
 * The cheapest; a caller may use two quotas close together, at the end of one window and the start of the next.
 */
export function fixedWindow({ quota, windowMs }: Rate): Algorithm<FixedWindowState> {
  const roll = (state: FixedWindowState, now: number): void => {
    if (now - state.startedAt < windowMs) return
    state.startedAt = now
    state.used = 0
  }
  return {
    horizonMs: windowMs,
    fresh: (now) => ({ startedAt: now, used: 0 }),
    take(state, cost, now, ruling) {
      roll(state, now)
      ruling.admitted = state.used + cost <= quota
      if (ruling.admitted) state.used += cost
      ruling.remaining = Math.max(0, quota - state.used)
      ruling.effectiveMs = windowMs - (now - state.startedAt)
    },
    giveBack(state, cost) {
      state.used -= cost
    },
    remaining: (state, now) => (now - state.startedAt < windowMs ? Math.max(0, quota - state.used) : quota),
  }
}
