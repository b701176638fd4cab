import { expect, test } from 'vitest'
import { Reporter } from '../../report/reporter.ts'
import { readFiles } from '../testing/read-files.ts'
import { parse } from './parse.ts'

function value(text: string, file = 'a.yaml') {
  const reporter = new Reporter()
  const parsed = parse(text, file, reporter)
  return {
    value: parsed?.value,
    found: reporter.diagnostics.map(({ code, place }) => `${code} ${place.line}:${place.column}`),
  }
}

test.each<[string, string, unknown]>([
  [
    'keys as written',
    '200: a\n1.0: b\n12345678901234567890: c\nyes: d\n',
    { 200: 'a', '1.0': 'b', '12345678901234567890': 'c', yes: 'd' },
  ],
  ['aliases', 'a: &x { b: 1 }\nc: *x\n', { a: { b: 1 }, c: { b: 1 } }],
  ['merge keys', 'a: &x { b: 1, c: 2 }\nd: { <<: *x, c: 3 }\n', { a: { b: 1, c: 2 }, d: { c: 3, b: 1 } }],
  [
    'several merge keys',
    'a: &x { b: 1 }\ne: &y { b: 2, f: 3 }\nd:\n  <<: [*x, *y]\n',
    { a: { b: 1 }, e: { b: 2, f: 3 }, d: { b: 1, f: 3 } },
  ],
  ['tagged merge keys', 'a: &x { b: 1 }\nd:\n  !!merge <<: *x\n', { a: { b: 1 }, d: { b: 1 } }],
  ['a byte order mark in braces', '\ufeff{ "a": 1 }', { a: 1 }],
  ['YAML in braces', '{ a: 1, b: [c] }', { a: 1, b: ['c'] }],
  ['dates stay text', 'a: 2020-01-01\n', { a: '2020-01-01' }],
  ['no infinity in JSON', 'a: .inf\n', { a: '.inf' }],
])('%s', (_, text, expected) => {
  const parsed = value(text)
  expect(parsed.found).toEqual([])
  expect(parsed.value).toEqual(expected)
})

test('aliases stay one object', () => {
  const parsed = value('a: &x { b: 1 }\nc: *x\n').value as { a: object; c: object }
  expect(parsed.a).toBe(parsed.c)
})

test('__proto__ is a name like any other', () => {
  for (const text of ['__proto__: { x: 1 }\n', '{ "__proto__": { "x": 1 } }']) {
    const parsed = value(text).value as object
    expect(Object.keys(parsed)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
  }
})

const bomb = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]']
for (let level = 0; level < 9; level++) {
  const [from, to] = ['abcdefghij'[level], 'abcdefghij'[level + 1]]
  bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
}

test.each<[string, string, string[]]>([
  ['nothing', '', ['empty-document 1:1']],
  ['only a comment', '# later\n', ['empty-document 1:1']],
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n', ['duplicate-key 3:1']],
  ['a duplicate key in JSON', '{"a": {"b": 1,\n "b": 2}}', ['duplicate-key 2:2']],
  ['a comma too many', '{"a": 1,\n}', []],
  ['an unclosed quote', 'a: "b\n', ['syntax 2:1']],
  ['a tab', 'a:\n\tb: 1\n', ['syntax 2:1']],
  ['an alias within itself', 'a: &a\n  b: *a\n', ['alias-cycle 2:6']],
  ['an alias of nothing', 'a: *b\n', ['alias-unknown 1:4']],
  ['aliases that explode', `${bomb.join('\n')}\n`, ['alias-bomb 7:8']],
  ['endless nesting', `a: ${'['.repeat(20_000)}`, ['too-deep 1:1']],
  ['endless nesting in JSON', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, ['too-deep 1:1']],
  ['a list as a key', '? [a]\n: 1\n', ['key-not-text 1:3']],
  ['brackets left of their key', 'a:\n  b: {\n    c: 1\n}\nd: 2\n', ['yaml-outdented 4:1']],
])('reports %s', (_, text, found) => {
  expect(value(text).found).toEqual(found)
})

test('brackets left of their key are read all the same', () => {
  expect(value('a:\n  b: {\n    c: 1 # }\n}\nd: 2\n').value).toEqual({ a: { b: { c: 1 } }, d: 2 })
})

test('quoted texts left of their key are read to their closing quote', () => {
  const text = 'a:\n    b: \'it {\n  "c": 1 }\'\nd: "x\n    y"\n'
  expect(value(text)).toEqual({ value: { a: { b: 'it { "c": 1 }' }, d: 'x y' }, found: ['yaml-quote-outdented 2:13'] })
})

test.each<[string, string, string]>([
  ['{"a": 1,}', '1:9', 'a key in double quotes'],
  ['[1 2]', '1:4', '"," or the closing bracket'],
  ['{"a"\n1}', '2:1', '":"'],
  ['{"a": 01}', '1:7', 'a value'],
  ['{"a": [1', '1:9', 'ends too early'],
])('says where JSON is wrong: %s', (text, at, reason) => {
  const reporter = new Reporter()
  expect(parse(text, 'a.json', reporter)).toBeUndefined()
  const [diagnostic] = reporter.diagnostics
  expect(`${diagnostic?.place.line}:${diagnostic?.place.column}`).toBe(at)
  expect(diagnostic?.message).toContain(reason)
})

test('refuses what is not UTF-8', async () => {
  const utf16 = Buffer.from('\ufeffopenapi: 3.1.0\n', 'utf16le')
  expect((await readFiles({ 'a.yaml': utf16 })).found).toEqual(['encoding-unsupported a.yaml:1:1'])
  const latin1 = Buffer.from([0x61, 0x3a, 0x20, 0xe9, 0x0a])
  expect((await readFiles({ 'a.yaml': latin1 })).found).toEqual(['encoding-unsupported a.yaml:1:1'])
})
