import { expect, test } from 'vitest'
import { explosive } from './explosive.ts'

test.each([
  '^(a+)+$',
  '(a*)*b',
  '^(a|a)*$',
  '^(a|ab|b)*$',
  '^(\\w+\\s?)*$',
  '^([a-zA-Z0-9]+\\.?)+@x$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^(\\d+|[0-9a-f]+)*$',
  '^(.*,)*$',
  '^(a{1,}){2,}$',
  '(x+x+)+y',
  '^((a|b)*c*)*$',
])('%s explodes', (pattern) => {
  expect(explosive(pattern)).toMatch(/linear|never/)
})

test.each([
  '^[a-z]+$',
  '^(a+b)+$',
  '^[a-z0-9]+(-[a-z0-9]+)*$',
  '^(([a-zA-Z]|[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9])\\.)*([A-Za-z]|[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])$',
  '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
  '^(?=.*[A-Z])(?=.*\\d).{8,}$',
  '^(foo|bar)*$',
  '^\\s*(\\S+\\s+)*\\S*$',
  '^((25[0-5]|2[0-4]\\d|[01]?\\d\\d?)\\.){3}(25[0-5]|2[0-4]\\d|[01]?\\d\\d?)$',
  '^([^,]+,)*[^,]+$',
])('%s does not', (pattern) => {
  expect(explosive(pattern)).toBeUndefined()
})

test.each([
  ['^(a+)+$', 'linear'],
  ['^(.+)+x$', 'linear'],
  ['^(.a?)*x$', 'never'],
  ['^(\\p{L}+)+$', 'never'],
  ['^(?=a)(a+)+$', 'never'],
  ['^(a+)+\\1$', 'never'],
])('%s can be run: %s', (pattern, how) => {
  expect(explosive(pattern)).toBe(how)
})
