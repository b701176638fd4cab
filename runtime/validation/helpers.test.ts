import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equal } from './equal.ts'
import { isMultiple } from './is-multiple.ts'
import { repeatedItem } from './repeated-item.ts'
import { forgetStandIns, isStandIn, standIn } from './stand-in.ts'
import { ucs2length } from './ucs2length.ts'

describe('ucs2length', () => {
  it('counts characters as iterating a string does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(ucs2length(text)).toBe([...text].length)
      }),
    )
    expect(ucs2length('\ud800')).toBe(1)
    expect(ucs2length('a\ud83d\ude00b')).toBe(3)
  })

  it('does not count what stands for a length', () => {
    // Counted one by one, so many would take minutes.
    for (let i = 0; i < 1_000; i++) expect(ucs2length(standIn(2 ** 28))).toBe(2 ** 28)
    expect(isStandIn(standIn(2 ** 28))).toBe(true)
    expect(isStandIn('a'.repeat(70_000))).toBe(false)
    forgetStandIns()
    expect(ucs2length('\ud83d\ude00'.repeat(70_000))).toBe(70_000)
  })
})

describe('equal', () => {
  it.each([
    [1, 1, true],
    [0, false, false],
    [null, {}, false],
    [[1, [2]], [1, [2]], true],
    [[1], { 0: 1 }, false],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [{ a: undefined }, { b: 1 }, false],
    [JSON.parse('{"__proto__":1}'), {}, false],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(equal(a, b)).toBe(expected)
    expect(equal(b, a)).toBe(expected)
  })

  it('holds for copies with members in another order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(equal(value, JSON.parse(JSON.stringify(value)))).toBe(true)
      }),
    )
  })
})

describe('repeatedItem', () => {
  it('agrees with comparing each with each', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 12 }), (items) => {
        const values = JSON.parse(JSON.stringify(items)) as unknown[]
        const expected = values.findIndex((item, index) =>
          values.slice(0, index).some((earlier) => equal(earlier, item)),
        )
        expect(repeatedItem(values)).toBe(expected)
      }),
    )
  })

  it('is done with a hundred thousand objects at once', () => {
    expect(repeatedItem(Array.from({ length: 100_000 }, (_, index) => ({ a: index, b: [index] })))).toBe(-1)
  })
})

describe('isMultiple', () => {
  it.each([
    [19.99, 0.01, true],
    [0.0075, 0.0001, true],
    [4.35, 0.01, true],
    [1e308, 0.5, true],
    [1e-7, 1e-8, true],
    [0.00751, 0.0001, false],
    [7, 2, false],
    [-6, 3, true],
    [0, 0.1, true],
    [Number.POSITIVE_INFINITY, 0.1, false],
  ])('%d of %d: %s', (value, of, expected) => {
    expect(isMultiple(value, of)).toBe(expected)
  })
})
