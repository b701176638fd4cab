import { expect, test } from 'vitest'
import { conditionalFields, freshenedBy, noneMatchNames } from './validators.ts'

test.each<[string, string | undefined, boolean]>([
  ['"a"', '"a"', true],
  ['W/"a"', '"a"', true],
  ['"x", W/"a", "y"', 'W/"a"', true],
  ['*', undefined, true],
  ['"a"', '"b"', false],
  ['"a"', undefined, false],
  ['"a,b"', '"a,b"', true],
])('If-None-Match: %s names %s: %s', (text, etag, expected) => {
  expect(noneMatchNames(text, etag)).toBe(expected)
})

test('our validators take the place of the client’s conditions', () => {
  const fields = conditionalFields(
    ['Accept', '*/*', 'If-None-Match', '"x"', 'Range', 'bytes=0-1', 'If-Range', '"x"'],
    '"a"',
    'then',
  )
  expect(fields).toEqual(['Accept', '*/*', 'If-None-Match', '"a"', 'If-Modified-Since', 'then'])
})

test('what a 304 is about (RFC 9111 §4.3.4)', () => {
  const strong = { fields: ['ETag', '"a"'] }
  const other = { fields: ['ETag', '"b"', 'Last-Modified', 'then'] }
  const weak = { fields: ['ETag', 'W/"c"'] }
  const all = [strong, other, weak, strong]
  expect(freshenedBy(['ETag', '"a"'], all)).toEqual([strong, strong])
  expect(freshenedBy(['ETag', 'W/"c"'], all)).toEqual([weak])
  expect(freshenedBy(['Last-Modified', 'then'], all)).toEqual([other])
  expect(freshenedBy(['ETag', '"z"'], all)).toEqual([])
  expect(freshenedBy([], all)).toEqual([strong])
})
