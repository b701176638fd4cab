import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const known = ['rateLimit', 'cache', 'upstream', 'upstreams', 'use']

test.each([
  ['rateLimt', 'rateLimit'],
  ['ratelimit', 'rateLimit'],
  ['cahce', 'cache'],
  ['upstrem', 'upstream'],
  ['xyz', undefined],
  ['us', 'use'],
  ['', undefined],
])('%s → %s', (word, expected) => {
  expect(nearest(word, known)).toBe(expected)
})
