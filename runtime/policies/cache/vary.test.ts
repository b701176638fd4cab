import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listMembers, preferredLanguage, selectingKey, varyNames } from './vary.ts'

test.each<[string[], string[] | undefined]>([
  [[], []],
  [
    ['Vary', 'B, a', 'Vary', 'b'],
    ['a', 'b'],
  ],
  [['Vary', ''], []],
  [['Vary', '*'], undefined],
  [['Vary', '', 'Vary', 'a, *'], undefined],
])('%j selects by %j', (fields, names) => {
  expect(varyNames(fields)).toEqual(names)
})

const same = (name: string, one: string[], other: string[]): boolean =>
  selectingKey(
    [name],
    one.flatMap((value) => [name, value]),
  ) ===
  selectingKey(
    [name],
    other.flatMap((value) => [name.toUpperCase(), value]),
  )

test.each<[string, string[], string[], boolean]>([
  ['foo', ['1, 2'], ['1', '2'], true],
  ['foo', [' 1,2 '], ['1 , 2'], true],
  ['foo', ['1, 2'], ['2, 1'], false],
  ['foo', ['"a, b"'], ['"a,b"'], false],
  ['foo', [''], [], false],
  ['accept-language', ['en, de'], ['DE,en'], true],
  ['accept-language', ['en;q=0.5, de'], ['de, en ; q=0.5'], true],
  ['accept-language', ['en;q=0.5, de'], ['en, de;q=0.5'], false],
])('%s: %j and %j match: %s', (name, one, other, expected) => {
  expect(same(name, one, other)).toBe(expected)
})

test('the language wanted most, where there is one', () => {
  expect(preferredLanguage('fr;q=0.5, de;q=1.0')).toBe('de')
  expect(preferredLanguage('en, de')).toBeUndefined()
  expect(preferredLanguage('*')).toBeUndefined()
})

test('what is split joins to the same text, quoted strings unbroken', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const members = listMembers(text)
      expect(members.join('').replace(/[\s,]/g, '')).toBe(text.replace(/[\s,]/g, ''))
    }),
  )
})
