import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isKey, makeKey, makeKeyId, prefixOf } from './api-key.ts'

describe('a key', () => {
  it('has one length and form, whatever the random bytes', () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(
        fc.oneof(bytes, fc.constant(new Uint8Array(32)), fc.constant(new Uint8Array(32).fill(255))),
        (random) => {
          const key = makeKey(random)
          expect(key).toMatch(/^sg_live_[0-9A-Za-z]{49}$/)
          expect(isKey(key)).toBe(true)
        },
      ),
    )
  })
  it('is known for mistyped when a character differs', () => {
    const key = makeKey()
    for (let index = 8; index < key.length; index++) {
      const other = key[index] === 'a' ? 'b' : 'a'
      expect(isKey(key.slice(0, index) + other + key.slice(index + 1))).toBe(false)
    }
    expect(isKey(`${key}0`)).toBe(false)
    expect(isKey(key.toUpperCase())).toBe(false)
  })
  it('never comes twice, nor does its id', () => {
    expect(new Set(Array.from({ length: 500 }, () => makeKey())).size).toBe(500)
    expect(makeKeyId()).toMatch(/^key_[0-9A-Za-z]{8}$/)
    expect(prefixOf(makeKey())).toMatch(/^sg_live_[0-9A-Za-z]{4}$/)
  })
})
