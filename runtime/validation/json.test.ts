import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'

const keyword = (text: string | Buffer, limits = { depth: 5, items: 4 }): string => {
  const parsed = parseJson(Buffer.from(text), limits)
  return 'fault' in parsed ? parsed.fault.keyword : 'ok'
}

describe('parseJson', () => {
  it.each([
    ['{"a":{"b":[1,"c:d","\\"e\\":"]}}', 'ok'],
    ['"a:b"', 'ok'],
    ['\ufeff{"a":1}', 'ok'],
    ['{"a":1,"a":2}', 'duplicate'],
    ['{"a":1,"\\u0061":2}', 'duplicate'],
    ['{"x":[{"a":1,"b":{"c":1,"c":2}}]}', 'duplicate'],
    ['{"__proto__":{"a":1},"b":2}', 'ok'],
    ['{"__proto__":{"a":1,"a":2}}', 'duplicate'],
    ['{"__proto__":1,"__proto__":2}', 'duplicate'],
    ['[[[[[1]]]]]', 'ok'],
    ['[[[[[[1]]]]]]', 'jsonDepth'],
    ['{"a":{"a":{"a":{"a":{"a":{}}}}}}', 'jsonDepth'],
    ['"[[[[[[[["', 'ok'],
    ['[1,2,3,4]', 'ok'],
    ['{"a":[1,2,3,4,5]}', 'arrayItems'],
    ['', 'json'],
    ['{', 'json'],
    ["{'a':1}", 'json'],
    ['{"a":01}', 'json'],
    ['[1,]', 'json'],
    ['NaN', 'json'],
    ['{"a":1}{', 'json'],
    ['"\\', 'json'],
    [Buffer.from([0x22, 0xff, 0x22]), 'encoding'],
    [Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'encoding'],
    [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'encoding'],
    [Buffer.from('{}', 'utf16le'), 'json'],
  ])('%j is %s', (text, expected) => {
    expect(keyword(text)).toBe(expected)
  })

  it('is what JSON.parse makes of any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(parseJson(Buffer.from(text), { depth: 100, items: 1000 })).toEqual({ value: JSON.parse(text) })
      }),
    )
  })

  it.each([
    ['9223372036854775807', true],
    ['9223372036854775808', false],
    ['-9223372036854775808', true],
    ['-9223372036854775809', false],
  ])('tells by its digits whether %s is a 64-bit integer', (digits, isInt64) => {
    const parsed = parseJson(Buffer.from(`{"n":[${digits}]}`)) as { value: { n: number[] } }
    const [value] = parsed.value.n
    expect(value! >= -(2 ** 63) && value! <= 2 ** 63).toBe(isInt64)
  })
})
