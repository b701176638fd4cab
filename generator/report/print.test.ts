import { expect, test } from 'vitest'
import type { Diagnostic } from '../model/diagnostic.ts'
import { jsonReport } from './json.ts'
import { printDiagnostics } from './print.ts'
import { locate } from './source-map.ts'
import { Sources } from './sources.ts'

const yaml = `openapi: 3.1.0
paths:
  /a~b:
    get: &get
      operationId: 'x'
    put: *get
    post:
      <<: *get
      tags: [one, "two"]
"quoted key": { in: [1, { deep: true }] }
200: number key
200.0: other
`

const json = '{\n  "a": { "b/c": [1, "x\\"y", { "k": null }] },\n  "a2": "last", "e\\u0041": 5\n}\n'

function position(text: string, pointer: string, at?: 'key' | 'value') {
  const sources = new Sources()
  sources.add('f', text)
  const [found] = locate([{ file: 'f', pointer, ...(at && { at }) }], sources)
  return found && [found.line, found.column, ...(found.endColumn === undefined ? [] : [found.endColumn])]
}

test.each([
  ['', [1, 1, 15]],
  ['/openapi', [1, 10, 15]],
  ['/paths', [2, 1, 6]],
  ['/paths/~1a~0b', [3, 3, 7]],
  ['/paths/~1a~0b/get', [4, 5, 8]],
])('YAML %s', (pointer, expected) => {
  expect(position(yaml, pointer)).toEqual(expected)
})

test('YAML keys, values, aliases, merges and absent members', () => {
  expect(position(yaml, '/paths/~1a~0b/get/operationId')).toEqual([5, 20, 23])
  expect(position(yaml, '/paths/~1a~0b/get/operationId', 'key')).toEqual([5, 7, 18])
  expect(position(yaml, '/paths/~1a~0b/put/operationId')).toEqual([5, 20, 23])
  expect(position(yaml, '/paths/~1a~0b/post/operationId')).toEqual([5, 20, 23])
  expect(position(yaml, '/paths/~1a~0b/post/tags/1')).toEqual([9, 19, 24])
  expect(position(yaml, '/quoted key/in/1/deep')).toEqual([10, 33, 37])
  expect(position(yaml, '/200')).toEqual([11, 6, 16])
  expect(position(yaml, '/200.0')).toEqual([12, 8, 13])
  // Absent: the key of the nearest parent.
  expect(position(yaml, '/paths/~1a~0b/post/absent/deeper')?.slice(0, 2)).toEqual([7, 5])
  expect(position(yaml, '/absent')).toEqual([1, 1, 2])
})

test('JSON keys, values and absent members', () => {
  expect(position(json, '')).toEqual([1, 1, 2])
  expect(position(json, '/a')).toEqual([2, 8, 45])
  expect(position(json, '/a', 'key')).toEqual([2, 3, 6])
  expect(position(json, '/a/b~1c/1')).toEqual([2, 21, 27])
  expect(position(json, '/a/b~1c/2/k')).toEqual([2, 36, 40])
  expect(position(json, '/a2')).toEqual([3, 9, 15])
  expect(position(json, '/eA')).toEqual([3, 28, 29])
  expect(position(json, '/a/absent/x')).toEqual([2, 3, 6])
})

test('JSON-looking YAML falls back to the YAML parser', () => {
  expect(position('{ a: 1,\n b: [2, 3] }', '/b/1')).toEqual([2, 9, 10])
})

const diagnostic: Diagnostic = {
  code: 'unknown-key',
  severity: 'error',
  message: '"opperationId" is not known here.\n\u001b[31m',
  help: 'Did you mean "operationId"?',
  place: { file: 'f', pointer: '/paths/~1a~0b/get/operationId', at: 'key' },
  related: [{ place: { file: 'f', pointer: '/openapi' }, message: 'First here.' }],
}

test('prints place, code, frame with a caret, help and related places; nothing a document says escapes its line', () => {
  const sources = new Sources()
  sources.add('f', yaml)
  expect(printDiagnostics([diagnostic], sources, { color: false })).toBe(
    [
      'f:5:7 error unknown-key: "opperationId" is not known here. \ufffd[31m',
      '    3 |   /a~b:',
      '    4 |     get: &get',
      "  > 5 |       operationId: 'x'",
      '      |       ^^^^^^^^^^^',
      '    6 |     put: *get',
      '  help: Did you mean "operationId"?',
      '  f:1:10 First here.',
      '',
    ].join('\n'),
  )
})

test('gives the same as JSON', () => {
  const sources = new Sources()
  sources.add('f', yaml)
  expect(jsonReport([diagnostic], sources)).toEqual([
    {
      code: 'unknown-key',
      severity: 'error',
      message: diagnostic.message,
      help: diagnostic.help,
      file: 'f',
      line: 5,
      column: 7,
      endColumn: 18,
      pointer: '/paths/~1a~0b/get/operationId',
      related: [{ message: 'First here.', file: 'f', line: 1, column: 10, pointer: '/openapi' }],
    },
  ])
  expect(jsonReport([{ ...diagnostic, place: { file: 'gone', pointer: '' } }], undefined)[0]).not.toHaveProperty('line')
})
