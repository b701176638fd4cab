import { describe, expect, it } from 'vitest'
import { Overload, sampleEvery } from './overload.ts'

function overload(limits: { connections?: number; inFlight?: number; eventLoopDelay?: number } = {}) {
  let now = 0
  const lines: string[] = []
  const write = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const made = new Overload(
    { connections: 2, inFlight: 3, eventLoopDelay: 300, ...limits },
    { warn: write, info: write },
    () => now,
  )
  return {
    made,
    lines,
    /** Lets the timer come so many times, each so late. */
    samples(count: number, late: number): void {
      for (let i = 0; i < count; i++) {
        now += sampleEvery + late
        made.sample()
      }
    },
    refusedOf: (count: number) => Array.from({ length: count }, () => made.judge(1)).filter(Boolean).length,
  }
}

describe('overload', () => {
  it('refuses requests past what may be under way, and says when to come again', () => {
    const { made } = overload()
    expect(made.judge(3)).toBeUndefined()
    expect(made.judge(4)).toMatchObject({ status: 503, options: { headers: ['Retry-After', '1'] } })
  })

  it('refuses connections past the limit', () => {
    const { made } = overload()
    expect(made.judgeConnection(1)).toBeUndefined()
    expect(made.judgeConnection(2)).toMatchObject({ status: 503 })
  })

  it('minds no single pause, however long', () => {
    const { samples, refusedOf } = overload()
    samples(1, 5_000)
    samples(1, 0)
    samples(4, 1_000)
    samples(1, 0)
    expect(refusedOf(100)).toBe(0)
  })

  it('refuses more the longer the loop is late, some are always let in, and recovers', () => {
    const { samples, refusedOf } = overload()
    samples(5, 400)
    expect(refusedOf(100)).toBeCloseTo(10, -1)
    samples(2, 400)
    expect(refusedOf(100)).toBeCloseTo(30, -1)
    samples(100, 400)
    expect(refusedOf(100)).toBeGreaterThanOrEqual(94)
    samples(25, 0)
    expect(refusedOf(100)).toBe(0)
  })

  it('looks away where the limit is 0', () => {
    const { samples, refusedOf } = overload({ eventLoopDelay: 0 })
    samples(100, 9_000)
    expect(refusedOf(100)).toBe(0)
  })

  it('logs an episode once when it begins and once when it is over, and counts every refusal', () => {
    const { made, samples, lines } = overload()
    for (let i = 0; i < 50; i++) made.judge(9)
    samples(60, 0)
    made.judge(9)
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      'overloaded: what is too much is refused',
      'the overload is over',
      'overloaded: what is too much is refused',
    ])
    expect(lines[1]).toContain('"refused":50')
    expect(made.measures()[0]!.values).toContainEqual({ labels: { reason: 'in-flight' }, value: 51 })
  })
})
