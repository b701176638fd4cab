import type { Algorithm, Rate } from './algorithm.ts'

/** Groups of requests that are counted as one, oldest first. */
export interface SlidingWindowState {
  /** When the last request of each group came. */
  readonly times: number[]
  readonly counts: number[]
  /** Where the groups that still count begin. */
  head: number
  used: number
  /** When the first request of the newest group came. */
  newestSince: number
}

/** Requests closer together than this share of a window are one group: what is kept for a caller is bounded by it. */
const groupsPerWindow = 100

/**
 * At most `quota` in every span of `windowMs`, wherever it begins. Requests are kept in at most 101 groups, and a group
 * counts until a window after its *last* request: so no span ever holds more than the quota, and what a request took
 * comes back at most 1 % of a window late. Two counters weighted by overlap, as is common, would admit nearly twice the quota.
 */
export function slidingWindow({ quota, windowMs }: Rate): Algorithm<SlidingWindowState> {
  const span = windowMs / groupsPerWindow
  const expire = (state: SlidingWindowState, now: number): void => {
    const { times, counts } = state
    while (state.head < times.length && now - times[state.head]! >= windowMs) {
      state.used -= counts[state.head]!
      state.head++
    }
    if (state.head * 2 > times.length || state.head > groupsPerWindow) {
      times.splice(0, state.head)
      counts.splice(0, state.head)
      state.head = 0
    }
  }
  const count = (state: SlidingWindowState, cost: number, now: number): void => {
    const { times, counts } = state
    const newest = times.length - 1
    state.used += cost
    // A clock that has gone back counts from where it was: else what was used would come back before its time.
    const at = Math.max(now, times[newest] ?? state.newestSince)
    if (newest >= state.head && at - state.newestSince < span) {
      times[newest] = at
      counts[newest] = counts[newest]! + cost
    } else {
      times.push(at)
      counts.push(cost)
      state.newestSince = at
    }
  }
  return {
    horizonMs: windowMs,
    fresh: (now) => ({ times: [], counts: [], head: 0, used: 0, newestSince: now }),
    take(state, cost, now, ruling) {
      expire(state, now)
      ruling.admitted = state.used + cost <= quota
      if (ruling.admitted) count(state, cost, now)
      ruling.remaining = Math.max(0, quota - state.used)
      // In this order: a sum with a large clock reading would round a whole window up to a second more.
      ruling.effectiveMs = windowMs - (now - timeOf(state, ruling.admitted ? 1 : state.used + cost - quota))
    },
    giveBack(state, cost) {
      const newest = state.counts.length - 1
      if (newest < state.head) return
      state.used -= cost
      state.counts[newest] = state.counts[newest]! - cost
    },
    remaining(state, now) {
      const newest = state.times[state.times.length - 1]
      return newest === undefined || now - newest >= windowMs ? quota : Math.max(0, quota - state.used)
    },
  }
}

/** When the group came whose end brings back the last of `units`. */
function timeOf({ times, counts, head }: SlidingWindowState, units: number): number {
  let index = head
  for (let back = counts[index] ?? 0; back < units && index < times.length - 1; back += counts[index]!) index++
  return times[index] ?? 0
}
