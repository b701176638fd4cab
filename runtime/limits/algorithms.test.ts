import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Algorithm, Ruling } from './algorithm.ts'
import { fixedWindow } from './fixed-window.ts'
import { slidingWindow } from './sliding-window.ts'
import { tokenBucket } from './token-bucket.ts'

interface Request {
  readonly at: number
  readonly cost: number
  readonly ruling: Ruling
}

/** A burst here, a pause there: steps in thousandths of a window. */
const arrivals = fc.array(
  fc.record({
    step: fc.oneof(fc.constant(0), fc.nat({ max: 30 }), fc.nat({ max: 1500 })),
    cost: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 200 },
)
const rates = fc.record({ quota: fc.integer({ min: 3, max: 40 }), windowMs: fc.constantFrom(1000, 60_000) })

function run<S>(
  algorithm: Algorithm<S>,
  windowMs: number,
  steps: readonly { step: number; cost: number }[],
): Request[] {
  let at = 5_000_000
  const state = algorithm.fresh(at)
  return steps.map(({ step, cost }) => {
    at += (step * windowMs) / 1000
    const left = algorithm.remaining(state, at)
    const ruling: Ruling = { admitted: false, remaining: 0, effectiveMs: 0 }
    const again = structuredClone(state)
    algorithm.take(state, cost, at, ruling)
    expect(ruling.remaining).toBeGreaterThanOrEqual(0)
    if (ruling.admitted) {
      algorithm.take(again, cost, at, { ...ruling })
      algorithm.giveBack(again, cost)
      expect(algorithm.remaining(again, at)).toBeCloseTo(Math.max(left, algorithm.remaining(again, at)), 6)
      expect(algorithm.remaining(again, at) - algorithm.remaining(state, at)).toBeCloseTo(cost, 6)
    } else {
      // Who waits as long as told is admitted.
      const later: Ruling = { ...ruling }
      algorithm.take(structuredClone(state), cost, at + ruling.effectiveMs, later)
      expect(ruling.effectiveMs).toBeGreaterThan(0)
      expect(later.admitted).toBe(true)
    }
    return { at, cost, ruling }
  })
}

const admittedIn = (requests: readonly Request[], from: number, to: number): number =>
  requests.filter(({ at, ruling }) => ruling.admitted && at > from && at <= to).reduce((sum, { cost }) => sum + cost, 0)

describe('sliding window', () => {
  it('never admits more than the quota in any window, and gives back at most 1 % late', () => {
    fc.assert(
      fc.property(rates, arrivals, ({ quota, windowMs }, steps) => {
        const requests = run(slidingWindow({ quota, windowMs }), windowMs, steps)
        requests.forEach(({ at, cost, ruling }, index) => {
          expect(admittedIn(requests.slice(0, index + 1), at - windowMs, at)).toBeLessThanOrEqual(quota)
          const before = admittedIn(requests.slice(0, index), at - windowMs * 1.0101, at)
          if (before + cost <= quota) expect(ruling.admitted).toBe(true)
        })
      }),
    )
  })
  it('keeps at most 101 groups of a caller', () => {
    const algorithm = slidingWindow({ quota: 1_000_000, windowMs: 1000 })
    const state = algorithm.fresh(0)
    for (let at = 0; at < 5000; at += 0.37)
      algorithm.take(state, 1, at, { admitted: true, remaining: 0, effectiveMs: 0 })
    expect(state.times.length - state.head).toBeLessThanOrEqual(101)
    expect(state.times.length).toBeLessThanOrEqual(202)
  })
})

it('tells a whole window as such, whatever the clock reads', () => {
  for (const make of [slidingWindow, fixedWindow]) {
    const algorithm = make({ quota: 3, windowMs: 1000 }) as Algorithm<unknown>
    const ruling: Ruling = { admitted: false, remaining: 0, effectiveMs: 0 }
    for (const now of [1507.123456789, 98765432.10987]) {
      algorithm.take(algorithm.fresh(now), 1, now, ruling)
      expect(ruling.effectiveMs).toBe(1000)
    }
  }
})

describe('fixed window', () => {
  it('admits the quota in each window that starts with its first request', () => {
    fc.assert(
      fc.property(rates, arrivals, ({ quota, windowMs }, steps) => {
        let start = 5_000_000
        let used = 0
        for (const { at, cost, ruling } of run(fixedWindow({ quota, windowMs }), windowMs, steps)) {
          if (at - start >= windowMs) {
            start = at
            used = 0
          }
          expect(ruling.admitted).toBe(used + cost <= quota)
          if (ruling.admitted) used += cost
          expect(ruling.remaining).toBe(quota - used)
          expect(ruling.effectiveMs).toBe(windowMs - (at - start))
        }
      }),
    )
  })
})

describe('token bucket', () => {
  it('admits, from any moment on, a bucketful and what has flowed in since', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 3, max: 20 }), arrivals, ({ quota, windowMs }, burst, steps) => {
        const requests = run(tokenBucket({ quota, windowMs, burst }), windowMs, steps)
        let tokens = burst
        let last = 5_000_000
        for (const { at, cost, ruling } of requests) {
          tokens = Math.min(burst, tokens + ((at - last) * quota) / windowMs)
          last = at
          if (Math.abs(tokens - cost) > 1e-3) expect(ruling.admitted).toBe(tokens >= cost)
          if (ruling.admitted) tokens -= cost
        }
        for (const [index, { at }] of requests.entries()) {
          for (const { at: end } of requests.slice(index)) {
            const most = burst + ((end - at) * quota) / windowMs
            const first = requests.slice(index).filter((one) => one.at <= end && one.ruling.admitted)
            expect(first.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(most + 0.001)
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('a clock that jumps back and forth', () => {
  const jumps = fc.array(
    fc.record({ by: fc.integer({ min: -3000, max: 1500 }), asks: fc.integer({ min: 1, max: 12 }) }),
    { maxLength: 60 },
  )
  const makers = { 'fixed window': fixedWindow, 'sliding window': slidingWindow, 'token bucket': tokenBucket }
  it.each(Object.entries(makers))('mints no quota of a %s', (_, make) => {
    fc.assert(
      fc.property(jumps, fc.integer({ min: 1, max: 9 }), (steps, quota) => {
        const windowMs = 1000
        const algorithm = make({ quota, windowMs }) as Algorithm<unknown>
        const start = 10_000
        let [now, furthest, admitted] = [start, start, 0]
        const state = algorithm.fresh(now)
        for (const { by, asks } of steps) {
          now += by
          furthest = Math.max(furthest, now)
          for (let i = 0; i < asks; i++) {
            const ruling: Ruling = { admitted: false, remaining: 0, effectiveMs: 0 }
            algorithm.take(state, 1, now, ruling)
            if (ruling.admitted) admitted++
          }
          // No more than the time that has ever been reached allows, however often the clock was set.
          const passed = furthest - start
          const most =
            make === tokenBucket ? quota + (passed * quota) / windowMs : quota * (Math.floor(passed / windowMs) + 1)
          expect(admitted).toBeLessThanOrEqual(most + 1e-3)
        }
      }),
    )
  })
})
