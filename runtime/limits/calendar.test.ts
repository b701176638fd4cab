import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRedis, RedisServer } from '../store/redis-server.test-support.ts'
import { type RedisStore, redisStore } from '../store/redis-store.ts'
import { storeScript } from '../store/store-script.ts'
import { type CalendarUnit, calendarSpan } from './calendar.ts'
import { calendarClock } from './calendar-clock.ts'
import { calendarWindow } from './calendar-window.ts'
import { calendarEnds } from './count-script.ts'

const day = 86_400_000
const at = (text: string): number => Date.parse(text)
const units = ['day', 'week', 'month'] as const

describe('calendarSpan', () => {
  it.each<[CalendarUnit, string, string, string]>([
    ['day', '2028-02-29T23:59:59.999Z', '2028-02-29', '2028-03-01'],
    ['week', '2026-11-22T23:59:59.999Z', '2026-11-16', '2026-11-23'],
    ['week', '2026-11-23T00:00:00.000Z', '2026-11-23', '2026-11-30'],
    ['month', '2028-02-29T12:00:00.000Z', '2028-02-01', '2028-03-01'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
  ])('the %s of %s', (unit, now, start, end) => {
    expect(calendarSpan(unit, at(now))).toEqual({ start: at(start), end: at(end) })
  })
})

describe('calendarClock', () => {
  it('follows the clock of the machine at a tenth of the pace, and never goes back', () => {
    const steps = fc.array(fc.record({ passes: fc.nat(5_000), jumps: fc.integer({ min: -400 * day, max: 400 * day }) }))
    fc.assert(
      fc.property(steps, (list) => {
        let [wall, steady] = [at('2026-11-20'), 0]
        const clock = calendarClock(
          () => wall,
          () => steady,
        )
        let told = clock()
        for (const { passes, jumps } of list) {
          steady += passes
          wall += passes + jumps
          const now = clock()
          expect(now - told).toBeGreaterThanOrEqual(passes * 0.9 - 0.01)
          expect(now - told).toBeLessThanOrEqual(passes * 1.1 + 0.01)
          told = now
        }
      }),
    )
  })

  it('gets there', () => {
    let [wall, steady] = [0, 0]
    const clock = calendarClock(
      () => wall,
      () => steady,
    )
    wall = 60_000
    for (let i = 0; i < 700; i++) {
      steady += 1000
      wall += 1000
      clock()
    }
    expect(clock()).toBeCloseTo(wall, 3)
  })
})

describe('calendarWindow', () => {
  it('however the clock is set, no more is admitted than the days that have passed allow', () => {
    const steps = fc.array(
      fc.record({
        passes: fc.nat(day / 4),
        jumps: fc.integer({ min: -40 * day, max: 40 * day }),
        cost: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 100 },
    )
    fc.assert(
      fc.property(steps, fc.constantFrom(...units), (list, unit) => {
        const quota = 5
        let [wall, steady, admitted] = [at('2026-11-20T13:00:00Z'), 0, 0]
        const clock = calendarClock(
          () => wall,
          () => steady,
        )
        const window = calendarWindow(quota, unit)
        const state = window.fresh(clock())
        for (const { passes, jumps, cost } of list) {
          steady += passes
          wall += passes + jumps
          const ruling = { admitted: false, remaining: 0, effectiveMs: 0 }
          window.take(state, cost, clock(), ruling)
          if (ruling.admitted) admitted += cost
        }
        const shortest = { day: 1, week: 7, month: 28 }[unit]
        expect(admitted).toBeLessThanOrEqual(quota * (Math.ceil((steady * 1.1) / (shortest * day)) + 1))
      }),
    )
  })

  it('a clock that is set back does not bring yesterday again', () => {
    const window = calendarWindow(2, 'day')
    const state = window.fresh(at('2026-11-20T12:00:00Z'))
    const take = (now: string): boolean => {
      const ruling = { admitted: false, remaining: 0, effectiveMs: 0 }
      window.take(state, 1, at(now), ruling)
      return ruling.admitted
    }
    const days = ['20', '20', '20', '19', '20', '21', '20', '21', '20', '21']
    expect(days.map((one) => take(`2026-11-${one}T12:00:00Z`))).toEqual([
      ...[true, true, false, false, false],
      ...[true, true, false, false, false],
    ])
  })
})

describe.skipIf(!hasRedis)(`the calendar of a store${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  let server: RedisServer
  let store: RedisStore
  beforeAll(async () => {
    server = await RedisServer.start()
    store = redisStore({ name: 'main', service: 'test', url: server.url, timeout: 5000 })
    await store.start()
  }, 30_000)
  afterAll(async () => {
    store.close()
    await server.kill()
  })

  it('is that of the process', async () => {
    const script = storeScript(`${calendarEnds}
      local told = {}
      for i = 2, #ARGV do told[#told + 1] = string.format('%d', ends[ARGV[1]](tonumber(ARGV[i]))) end
      return told`)
    const moments = fc.sample(fc.integer({ min: 0, max: 8_000 * 365.25 * day }), { numRuns: 2000, seed: 7 })
    for (let year = 1996; year < 2105; year++)
      moments.push(at(`${year}-03-01`) - 1, at(`${year}-03-01`), at(`${year}-12-31`))
    for (const unit of units) {
      const told = (await store.script(script, [], [unit, ...moments])) as string[]
      expect(told.map(Number)).toEqual(moments.map((now) => calendarSpan(unit, now).end))
    }
  })
})
