import { expect, it } from 'vitest'
import { Recall } from './recall.ts'

it('gives back what was kept, in bounded room', () => {
  const recall = new Recall<number>()
  for (let i = 0; i < 5_000; i++) {
    recall.keep(`text ${i}`, i)
    expect(recall.get(`text ${i}`)).toBe(i)
    recall.get('text 0')
  }
  const kept = Array.from({ length: 5_000 }, (_, i) => recall.get(`text ${i}`)).filter((one) => one !== undefined)
  expect(kept.length).toBeLessThanOrEqual(1_024)
  // What is asked for again and again stays.
  expect(recall.get('text 0')).toBe(0)
})

it('does not keep long texts', () => {
  const recall = new Recall<number>()
  recall.keep('x'.repeat(513), 1)
  expect(recall.get('x'.repeat(513))).toBeUndefined()
})

it('remembers again once texts come back, after a flood of ones that did not', () => {
  const recall = new Recall<number>()
  for (let i = 0; i < 20_000; i++) {
    recall.get(`once ${i}`)
    recall.keep(`once ${i}`, i)
  }
  for (let i = 0; i < 100; i++) if (recall.get('often') === undefined) recall.keep('often', 1)
  expect(recall.get('often')).toBe(1)
})
