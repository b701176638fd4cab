import { expect, test } from 'vitest'
import { jsonLines } from './json-lines.ts'

test('keeps every digit and breaks what is long', () => {
  expect(jsonLines('{"a":9007199254740993,"b":[1.10,{"c":"x,{y"}]}')).toEqual([
    '{ "a": 9007199254740993, "b": [1.10, { "c": "x,{y" }] }',
  ])
  expect(jsonLines('{"a":[1,2],"b":{}}', 12)).toEqual(['{', '  "a": [1, 2],', '  "b": {}', '}'])
})
