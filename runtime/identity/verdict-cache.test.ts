import { expect, it } from 'vitest'
import { present } from '../core/verifier.ts'
import { VerdictCache } from './verdict-cache.ts'

it('is bounded, and keeps what is used', () => {
  const cache = new VerdictCache<undefined>(10)
  const entry = { verdict: present, until: 100, evidence: undefined }
  cache.set('used', entry)
  for (let i = 0; i < 1000; i++) {
    cache.set(`digest ${i}`, entry)
    expect(cache.get('used', 0)).toBe(entry)
    expect(cache.size).toBeLessThanOrEqual(20)
  }
  expect(cache.get('digest 1', 0)).toBeUndefined()
})

it('ends on time', () => {
  const cache = new VerdictCache<undefined>()
  cache.set('a', { verdict: present, until: 100, evidence: undefined })
  expect(cache.get('a', 99)).toBeDefined()
  expect(cache.get('a', 100)).toBeUndefined()
  expect(cache.size).toBe(0)
})
