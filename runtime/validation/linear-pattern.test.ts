import { expect, test } from 'vitest'
import { linearPattern } from './linear-pattern.ts'

// A backtracking engine would still be at it when the universe ends.
test('texts that explode elsewhere are judged here', () => {
  const evil = `${'a'.repeat(100_000)}!`
  expect(linearPattern('^(a+)+$').test(evil)).toBe(false)
  expect(linearPattern('^(a|a)*$').test(evil)).toBe(false)
  expect(linearPattern('^([a-zA-Z0-9]+\\.?)+@x$').test(`${'a.'.repeat(50_000)}@x`)).toBe(true)
})
