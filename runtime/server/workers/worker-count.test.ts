import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { workerCount } from './worker-count.ts'

test.each<[string | number | undefined, number]>([
  [undefined, 1],
  [3, 3],
  [' 2 ', 2],
  ['256', 256],
  ['auto', Math.min(availableParallelism(), 256)],
])('%s is %d', (written, count) => {
  expect(workerCount(written)).toBe(count)
})

test.each(['0', '-1', '1.5', '257', '1e2', '', 'all', 'AUTO'])('%s is refused', (written) => {
  expect(workerCount(written)).toContain(JSON.stringify(written))
})
