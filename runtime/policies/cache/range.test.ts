import { expect, test } from 'vitest'
import { readRange } from './range.ts'

test.each<[string, unknown]>([
  ['bytes=0-1', { start: 0, end: 2 }],
  ['bytes=1-', { start: 1, end: 10 }],
  ['bytes=-3', { start: 7, end: 10 }],
  ['bytes=-30', { start: 0, end: 10 }],
  ['bytes=5-99', { start: 5, end: 10 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=3-2', undefined],
  ['bytes=0-1,4-5', undefined],
  ['items=0-1', undefined],
  ['bytes=-', undefined],
  ['bytes=a-b', undefined],
])('%s of ten bytes', (text, expected) => {
  expect(readRange(text, 10)).toEqual(expected)
})
