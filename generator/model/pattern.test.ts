import { expect, test } from 'vitest'
import { patternKind } from './pattern.ts'

test.each([
  ['^[a-z]+$', 'unicode'],
  ['^\\p{L}+$', 'unicode'],
  ['^/orders/\\d+$', 'unicode'],
  ['(?<year>\\d{4})', 'unicode'],
  // Escapes that the `u` flag refuses.
  ['^[\\w-.]+$', 'legacy'],
  ['^\\-\\_$', 'legacy'],
  ['a{,3}', 'legacy'],
  // Other languages; without the flag some would silently mean something else.
  ['(?i)abc', 'foreign'],
  ['\\A\\d+\\z', 'foreign'],
  ['(?P<year>\\d{4})', 'foreign'],
  ['^\\p{Alnum}+$', 'foreign'],
  ['[[:alpha:]]+', 'foreign'],
  ['a++b', 'foreign'],
  ['(?>a)', 'foreign'],
  ['/^[a-z]+$/i', 'foreign'],
  ['[', 'broken'],
  ['(a', 'broken'],
  ['*', 'broken'],
])('%s is %s', (pattern, kind) => {
  expect(patternKind(pattern)).toBe(kind)
})
