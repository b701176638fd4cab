import { expect, test } from 'vitest'
import { engineOf } from './engine.ts'

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
  expect(engineOf(pattern)).toMatchObject({ kind: 'automaton', exponential: true })
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
  expect(engineOf(pattern)).not.toMatchObject({ exponential: true })
})

test.each([
  ['^(a+)+$', 'automaton'],
  ['^(.a?)*x$', 'automaton'],
  ['^(\\p{L}+)+$', 'automaton'],
  ['^(a?){50}$', 'automaton'],
  ['^(\\w+\\s?){1,30}$', 'automaton'],
  ['\\s+$', 'automaton'],
  ['^.*a.*b.*$', 'automaton'],
  ['a{1,300}b', 'automaton'],
  ['(?=.*a)b', 'bounded'],
  ['^(?=.*a.*b)c', 'bounded'],
  ['^[a-z0-9]+(-[a-z0-9]+)*$', 'ordinary'],
  ['[a-z]+', 'ordinary'],
  ['^(?=.*[A-Z])(?=.*\\d).{8,}$', 'ordinary'],
  ['^(?=a)(a+)+$', 'never'],
  ['^(a+)+\\1$', 'never'],
])('%s can be run: %s', (pattern, how) => {
  expect(engineOf(pattern).kind).toBe(how)
})
