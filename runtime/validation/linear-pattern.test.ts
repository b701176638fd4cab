import { expect, test } from 'vitest'
import { boundedPattern } from './bounded-pattern.ts'
import { linearPattern } from './linear-pattern.ts'

/** `^(a+)+$` */
const nested = { sets: [[97, 97]], code: [3, 0, 0, 0, 1, 7, 11, 0, 0, 2, 4, 1, 14, 18, 2, 2, 2, 11, 3, 1, 4] }

// A backtracking engine would still be at it when the universe ends.
test('texts that explode elsewhere are judged here', () => {
  const pattern = linearPattern('^(a+)+$', 'u', 0, nested)
  expect(pattern.test(`${'a'.repeat(1 << 20)}!`)).toBe(false)
  expect(pattern.test('a'.repeat(1 << 20))).toBe(true)
  expect(pattern.test('')).toBe(false)
})

test('where only a backtracking engine will do, long texts do not match', () => {
  const pattern = boundedPattern('(?=.*a)b', 'u', 10)
  expect(pattern.test('b        a')).toBe(true)
  expect(pattern.test('b         a')).toBe(false)
})
