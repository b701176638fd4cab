import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queryKey, resourceKey, resourceKeys } from './key.ts'

const key = queryKey(['a', 'b', 'filter[*]'])

test.each<[string, string | undefined]>([
  ['', ''],
  ['b=2&a=1', 'a=1&b=2'],
  ['a=2&b=1&a=1', 'a=2&a=1&b=1'],
  ['a=%7e%2c', 'a=~%2C'],
  ['%61=1', 'a=1'],
  ['filter[x]=1&a=1', 'a=1&filter[x]=1'],
  ['filter%5Bx%5D=1', 'filter%5Bx%5D=1'],
  ['c=1', undefined],
  ['a=1&utm_source=x', undefined],
  ['__proto__=1', undefined],
  ['a=1&&b=1', undefined],
])('%s → %s', (query, expected) => {
  expect(key(query)).toBe(expected)
})

test('what else is part of the key comes behind the query, each time anew', () => {
  expect(['\nx', '\nx', '\ny', ''].map((rest) => key('b=2&a=1', rest))).toEqual(
    ['\nx', '\nx', '\ny', ''].map((rest) => `a=1&b=2${rest}`),
  )
  expect([key('', '\nx'), key('', '\ny'), key('c=1', '\nx')]).toEqual(['\nx', '\ny', undefined])
})

test('the key of a resource is made anew where the same path comes by another authority or way', () => {
  const asked = [
    [false, 'a', '/p'],
    [false, 'a', '/p'],
    [true, 'a', '/p'],
    [false, 'b', '/p'],
    [false, 'A', '/%70'],
  ] as const
  const keys = resourceKeys()
  expect(asked.map(([secure, host, path]) => keys(secure, host, path))).toEqual(
    asked.map(([secure, host, path]) => resourceKey(secure, host, path)),
  )
})

const value = fc.string({ minLength: 1 }).map(encodeURIComponent)
const pairs = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), value), { maxLength: 6 })
const text = (list: readonly (readonly [string, string])[]): string =>
  list.map(([name, raw]) => `${name}=${raw}`).join('&')
const all = queryKey('all')

test('the order of different parameters does not matter', () => {
  fc.assert(
    fc.property(pairs, (list) => {
      const byName = [...list].sort(([one], [other]) => (one < other ? 1 : one > other ? -1 : 0))
      expect(all(text(byName))).toBe(all(text(list)))
    }),
  )
})

test('requests that differ in a value never meet', () => {
  const meaning = (list: readonly (readonly [string, string])[]): string =>
    JSON.stringify(
      ['a', 'b', 'c'].map((name) => list.filter(([own]) => own === name).map(([, raw]) => decodeURIComponent(raw))),
    )
  fc.assert(
    fc.property(pairs, pairs, (one, other) => {
      expect(all(text(one)) === all(text(other))).toBe(meaning(one) === meaning(other))
    }),
  )
})

test('any spelling of the same octets meets', () => {
  const hex = (raw: string): string =>
    [...Buffer.from(raw)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (raw) => {
      expect(all(`a=${hex(raw)}`)).toBe(all(`a=${hex(raw).toUpperCase()}`))
      if (/^[A-Za-z0-9._~-]*$/.test(raw)) expect(all(`a=${hex(raw)}`)).toBe(all(`a=${raw}`))
    }),
  )
})

test('authority ignores case, path and scheme do not', () => {
  expect(resourceKey(false, 'API.example', '/A')).toBe(resourceKey(false, 'api.example', '/A'))
  expect(resourceKey(false, 'api.example', '/a')).not.toBe(resourceKey(false, 'api.example', '/A'))
  expect(resourceKey(true, 'api.example', '/a')).not.toBe(resourceKey(false, 'api.example', '/a'))
})
