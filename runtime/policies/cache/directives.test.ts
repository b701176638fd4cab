import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deltaOf, isUnqualified, listedFields, readDirectives } from './directives.ts'

test.each<[string, [string, string | null][]]>([
  ['max-age=60', [['max-age', '60']]],
  ['No-Store', [['no-store', null]]],
  ['public, , max-age="60"', [['public', null], ['max-age', '60']]], // biome-ignore format: a table
  ['private="set-cookie, x-user"', [['private', 'set-cookie, x-user']]],
  ['extension="max-age=3600, no-store", max-age=1', [['extension', 'max-age=3600, no-store'], ['max-age', '1']]], // biome-ignore format: a table
  ['max-age =60', [['max-age', '']]],
  ['max-age= 60', [['max-age', '']]],
  ['a="x\\"y"', [['a', 'x"y']]],
])('%s', (text, expected) => {
  expect([...readDirectives(text)]).toEqual(expected)
})

test('what breaks off inside a quoted string may hide a directive: nothing of it is stored', () => {
  expect(readDirectives('max-age=60, x="no-store').has('no-store')).toBe(true)
})

test.each<[string, number | undefined]>([
  ['', undefined],
  ['max-age=003600', 3600],
  ['max-age=99999999999', 2 ** 31],
  ['max-age=-1', 0],
  ['max-age=1.5', 0],
  ["max-age='60'", 0],
  ['max-age', 0],
  ['max-age=60, max-age=60', 60],
  ['max-age=60, max-age=3600', 0],
])('%s is %s seconds', (text, seconds) => {
  expect(deltaOf(readDirectives(text), 'max-age')).toBe(seconds)
})

test('of a qualified and an unqualified private the stricter counts', () => {
  const both = readDirectives('private="a", private')
  expect([listedFields(both, 'private'), isUnqualified(both, 'private')]).toEqual([[], true])
  expect(listedFields(readDirectives('no-cache="A, b", no-cache="c"'), 'no-cache')).toEqual(['a', 'b', 'c'])
  expect(isUnqualified(readDirectives('private=""'), 'private')).toBe(true)
})

test('never throws, and finds a no-store that stands by itself', () => {
  fc.assert(
    fc.property(fc.array(fc.string().filter((text) => !text.includes('"'))), (others) => {
      return readDirectives([...others, 'no-store'].join(',')).has('no-store')
    }),
  )
})
