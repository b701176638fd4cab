import { expect, it } from 'vitest'
import { PrimaryPlaces } from './worker-leases.ts'

it('gives places to workers, and takes back those of one that has ended', () => {
  const places = new PrimaryPlaces()
  const acquire = (worker: number, place: number): boolean => places.answer(['acquire', 'a', place, 3], worker)
  expect([acquire(1, 0), acquire(2, 0), acquire(1, 1), acquire(2, 1)]).toEqual([true, true, true, false])
  places.answer(['release', 'a', 9], 1)
  expect(acquire(2, 1)).toBe(false)
  places.gone(1)
  expect([acquire(2, 1), acquire(2, 2), acquire(2, 3)]).toEqual([true, true, false])
  for (const place of [0, 1, 2]) places.answer(['release', 'a', place], 2)
  expect(places.size).toBe(0)
})
