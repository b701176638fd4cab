import { describe, expect, it, test } from 'vitest'
import { parseTarget } from './request-target.ts'

describe('parseTarget', () => {
  test.each([
    ['/', '/', ''],
    ['/a/b', '/a/b', ''],
    ['/a/', '/a/', ''],
    ['/a?', '/a', ''],
    ['/a?b=c?d', '/a', 'b=c?d'],
    ['/a%20b/%C3%A9', '/a%20b/%C3%A9', ''],
    ["/a;v=1/(b)!$&'*+,=:@~", "/a;v=1/(b)!$&'*+,=:@~", ''],
    ['/.well-known/x', '/.well-known/x', ''],
    ['/a..b/...', '/a..b/...', ''],
    ['/a//b/', '/a//b/', ''],
    ['/a|b[1]', '/a|b[1]', ''],
    ['/a?q=[x]|{y}^`%zz', '/a', 'q=[x]|{y}^`%zz'],
  ])('splits %s and decodes nothing', (target, path, query) => {
    expect(parseTarget(target)).toEqual({ path, query, authority: undefined })
  })

  test.each([
    ['http://h:1/a?b', '/a', 'b', 'h:1'],
    ['HTTP://h', '/', '', 'h'],
    ['https://h?x=1', '/', 'x=1', 'h'],
  ])('takes %s apart', (target, path, query, authority) => {
    expect(parseTarget(target)).toEqual({ path, query, authority })
  })

  test.each([
    '*',
    'a/b',
    'h:80',
    'ftp://h/a',
    '/.',
    '/..',
    '/a/../b',
    '/a/./b',
    '/a/%2e%2e/b',
    '/a/.%2E/b',
    '/a/%2e/b',
    '/a/..;x=1/b',
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a%00b',
    '/a\\b',
    '/a%',
    '/a%2',
    '/a%zz',
    '/a#b',
    '/a?b#c',
    '/a"b',
    '/a<b>',
    '/a{b}',
    '/caf\u00e9',
    '/a?caf\u00e9',
    '/a?x\\y',
  ])('refuses %s', (target) => {
    expect(() => parseTarget(target)).toThrowError('Bad Request')
  })

  it('is done with hostile paths of a million characters', () => {
    const hostile = `/${'a'.repeat(800_000)}\\${'/b'.repeat(400_000)}`
    expect(() => parseTarget(hostile)).toThrow()
    expect(() => parseTarget(`${'/.'.repeat(400_000)}`)).toThrow()
  })
})
