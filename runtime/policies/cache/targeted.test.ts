import { expect, test } from 'vitest'
import { readTargeted } from './targeted.ts'

test.each<[string, [string, string | null][]]>([
  ['max-age=60', [['max-age', '60']]],
  ['foobar, max-age=3600;a=1', [['foobar', null], ['max-age', '3600']]], // biome-ignore format: a table
  ['private, no-store=?0', [['private', null]]],
  ['private="a"', [['private', 'a']]],
])('%s', (text, expected) => {
  expect([...readTargeted(text)!]).toEqual(expected)
})

test.each(['', 'MaX-aGe=60', 'max-age=60, &&&', 'max-age="60"', 'max-age', 'max-age=60,', 'max-age =60', 'a=(1'])(
  '%s is ignored as a whole (RFC 9213 §2.2)',
  (text) => {
    expect(readTargeted(text)).toBeUndefined()
  },
)
