import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WalkedValues } from './walked-values.ts'

it('counts the different values of the last window, and no others', () => {
  const step = fc.record({ value: fc.nat(12), wait: fc.nat(40) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 2, max: 8 }), (steps, count) => {
      const rule = { count, windowMs: 100, forMs: 1 }
      const walked = new WalkedValues()
      let [now, seen] = [0, new Map<number, number>()]
      for (const { value, wait } of steps) {
        now += wait
        seen.set(value, now)
        seen = new Map([...seen].filter(([, at]) => now - at < 100))
        const isEnough = seen.size >= count
        expect(walked.add('a', String(value), rule, now)).toBe(isEnough)
        if (isEnough) seen.clear()
        expect(walked.size).toBe(seen.size)
      }
    }),
  )
})

it('remembers so many values of everybody together, and forgets who was heard of least recently', () => {
  const rule = { count: 5, windowMs: 1000, forMs: 1 }
  const walked = new WalkedValues(100)
  for (let i = 0; i < 1000; i++) walked.add(`walker ${i >> 1}`, String(i), rule, 0)
  expect(walked.size).toBeLessThanOrEqual(100)
})
