import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../core/problem.ts'
import type { Decode } from './decode.ts'
import { Unreadable } from './decode.ts'
import { type BoundParameter, bindParameter, type Found, type Parameter, type Place } from './parameter.ts'
import { formDecode, percentDecode } from './percent.ts'
import { eachPair, PairsReader, pairName } from './query.ts'
import { boolean, integer, number, string } from './scalars.ts'
import type { Style } from './styles.ts'

const name = 'p'
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[.!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
const text = (value: unknown): string => encode(String(value))

/** As RFC 6570 and the table of OpenAPI's styles write values. */
function serialise(value: unknown, style: Style, explode: boolean): string {
  const isObject = typeof value === 'object' && !Array.isArray(value)
  const parts = Array.isArray(value)
    ? value.map(text)
    : isObject
      ? Object.entries(value as object).flatMap(([key, member]) => {
          const pair = [text(key), text(member)]
          return explode ? [pair.join('=')] : pair
        })
      : [text(value)]
  switch (style) {
    case 'simple':
      return parts.join(',')
    case 'label':
      return `.${parts.join(explode ? '.' : ',')}`
    case 'matrix':
      if (!explode) return `;${name}=${parts.join(',')}`
      return parts.map((part) => (isObject ? `;${part}` : `;${name}=${part}`)).join('')
    case 'deepObject':
      return Object.entries(value as object)
        .map(([key, member]) => `${name}[${text(key)}]=${text(member)}`)
        .join('&')
    case 'spaceDelimited':
      return `${name}=${parts.join('%20')}`
    case 'pipeDelimited':
      return `${name}=${parts.join('|')}`
    default:
      if (!explode) return `${name}=${parts.join(',')}`
      return parts.map((part) => (isObject ? part : `${name}=${part}`)).join('&')
  }
}

function decode(raw: string, place: Place, parameter: Parameter): unknown {
  const bound = bindParameter(parameter, place, place === 'query' ? formDecode : percentDecode)
  if (place !== 'query') return bound.read(raw)
  const pairs = new PairsReader([bound])
  const found: (Found | undefined)[] = []
  eachPair(raw, (pair, value) => pairs.put(found, pairName(pair)!, value))
  return found[0] === undefined ? undefined : bound.read(found[0])
}

/** Without the delimiters of `spaceDelimited` and `pipeDelimited`: those styles have no way to write them. */
const words = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((word) => !/[ |]/.test(word))
const shapes: readonly (readonly [string, Decode, fc.Arbitrary<unknown>, Place | undefined])[] = [
  ['text', string, words, undefined],
  ['an integer', integer, fc.maxSafeInteger(), undefined],
  ['a number', number, fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), undefined],
  ['a boolean', boolean, fc.boolean(), undefined],
  ['a list of texts', { items: string }, fc.array(words, { minLength: 1, maxLength: 4 }), undefined],
  ['a list of integers', { items: integer }, fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 4 }), undefined],
  [
    'an object',
    { properties: { a: string, b: integer }, others: string },
    fc.record({ a: words, b: fc.maxSafeInteger(), c: words }, { requiredKeys: ['a'] }),
    undefined,
  ],
]
const styles: readonly (readonly [Style, Place, boolean])[] = [
  ['simple', 'path', false],
  ['simple', 'path', true],
  ['label', 'path', false],
  ['label', 'path', true],
  ['matrix', 'path', false],
  ['matrix', 'path', true],
  ['form', 'query', false],
  ['form', 'query', true],
  ['spaceDelimited', 'query', false],
  ['pipeDelimited', 'query', false],
  ['deepObject', 'query', true],
]

describe.each(styles)('%s in %s, explode %s', (style, place, explode) => {
  const onlyObjects = style === 'deepObject'
  const fitting = shapes.filter(([, shape]) => !onlyObjects || 'properties' in shape)
  it.each(fitting)('reads what was written: %s', (_, shape, values) => {
    fc.assert(
      fc.property(values, (value) => {
        const raw = serialise(value, style, explode)
        const expected = typeof value === 'number' ? value + 0 : value
        expect(decode(raw, place, { name, style, explode, decode: shape })).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })
})

describe('readers', () => {
  const unreadable = (raw: string, place: Place, parameter: Partial<Parameter>) => {
    const value = decode(raw, place, { name, ...parameter })
    return value instanceof Unreadable ? value.keyword : value
  }

  it.each(['', '0x10', ' 1', '1 ', '+1', '01', '1.0', '1e3', '--1', '-', '٣', '1'.repeat(400)])(
    '%j is no integer',
    (raw) => {
      expect(unreadable(encode(raw), 'path', { decode: integer })).toBe('type')
    },
  )

  it.each(['', '.5', '1.', '01', '1e400', '-1e999', 'Infinity', 'NaN', '1,5', '0x1', '1_0', '+1'])(
    '%j is no number',
    (raw) => {
      expect(unreadable(encode(raw), 'path', { decode: number })).toBe('type')
    },
  )

  it.each(['', 'True', '1', 'yes', 'on'])('%j is no boolean', (raw) => {
    expect(unreadable(raw, 'path', { decode: boolean })).toBe('type')
  })

  it('refuses a parameter given twice, unless it is a list', () => {
    expect(unreadable('p=1&p=1', 'query', { decode: integer })).toBe('style')
    expect(unreadable('p=1&p=1', 'query', { decode: { items: integer } })).toEqual([1, 1])
    expect(unreadable('p=1&p=1', 'query', { decode: { items: integer }, explode: false })).toBe('style')
  })

  it('takes an encoded comma for one where no item can hold it', () => {
    expect(unreadable('p=1%2C2', 'query', { decode: { items: integer }, explode: false })).toEqual([1, 2])
    expect(unreadable('p=a%2Cb', 'query', { decode: { items: string }, explode: false })).toEqual(['a,b'])
  })

  it('reads a plus as a space in queries only', () => {
    expect(unreadable('p=a+b', 'query', {})).toBe('a b')
    expect(unreadable('a+b', 'path', {})).toBe('a+b')
  })

  it.each(['%', '%2', '%zz', '%ff', '%c3%28'])('%j is no encoding', (raw) => {
    expect(unreadable(`a${raw}`, 'path', {})).toBe('style')
    expect(unreadable(`p=a${raw}`, 'query', {})).toBe('style')
  })

  it('reads nested members and lists of deepObject, and leaves out no index', () => {
    const shape: Decode = { properties: { ids: { items: integer }, in: { properties: { x: boolean } } } }
    const deep = { style: 'deepObject', decode: shape } as const
    expect(unreadable('p[ids][1]=2&p[ids][0]=1&p[in][x]=true', 'query', deep)).toEqual({ ids: [1, 2], in: { x: true } })
    expect(unreadable('p[ids][]=1&p[ids][]=2', 'query', deep)).toEqual({ ids: [1, 2] })
    expect(unreadable('p[ids][1]=2', 'query', deep)).toBe('style')
    expect(unreadable('p[ids][9999999999]=2', 'query', deep)).toBe('style')
    expect(unreadable('p[ids]=2', 'query', deep)).toBe('style')
    expect(unreadable('p[in]=2', 'query', deep)).toBe('style')
    expect(unreadable('p[a]=1&p[a]=2', 'query', deep)).toBe('style')
    expect(unreadable('p[a]=1&p[a][b]=2', 'query', deep)).toBe('style')
    expect(unreadable('p=1', 'query', deep)).toBe('style')
  })

  it('reads a deepObject that may be no object by its bare name', () => {
    const either: Decode = { anyOf: [{ properties: { gt: integer } }, integer, string] }
    const deep = { style: 'deepObject', decode: either } as const
    expect(unreadable('p=now', 'query', deep)).toBe('now')
    expect(unreadable('p=7', 'query', deep)).toBe(7)
    expect(unreadable('p[gt]=7', 'query', deep)).toEqual({ gt: 7 })
    expect(unreadable('p=7&p[gt]=7', 'query', deep)).toBe('style')
  })

  it('gives a member that several exploded objects have to each of them', () => {
    const range = (name: string, required: boolean): BoundParameter =>
      bindParameter({ name, required, decode: { properties: { from: integer, to: integer } } }, 'query', formDecode)
    const read = (query: string, bound: readonly BoundParameter[]): unknown[] => {
      const pairs = new PairsReader(bound)
      const found: (Found | undefined)[] = []
      eachPair(query, (pair, value) => pairs.put(found, pair, value))
      return bound.map((one, index) => found[index] && one.read(found[index]))
    }
    const [one, two] = [
      { from: 1, to: 2 },
      { from: 3, to: 4 },
    ]
    expect(read('from=1&to=2', [range('a', true), range('b', true)])).toEqual([one, one])
    expect(read('from=1&to=2', [range('a', false), range('b', true)])).toEqual([undefined, one])
    expect(read('from=1&to=2', [range('a', false), range('b', false)])).toEqual([one, undefined])
    expect(read('from=1&to=2&from=3&to=4', [range('a', false), range('b', false)])).toEqual([one, two])
  })

  it('makes members, not prototypes', () => {
    const open: Decode = { properties: {}, others: string }
    const value = decode('p[__proto__]=x', 'query', { name, style: 'deepObject', decode: open }) as object
    expect(Object.hasOwn(value, '__proto__')).toBe(true)
    expect(({} as { x?: unknown }).x).toBeUndefined()
    const listed = decode('__proto__,x', 'path', { name, decode: open }) as object
    expect(Object.getPrototypeOf(listed)).toBe(Object.prototype)
    expect(Object.hasOwn(listed, '__proto__')).toBe(true)
  })

  it('tries the types of a union, and the next one only where the union itself refused', () => {
    const faults: Fault[] = []
    const union = Object.assign((data: unknown) => typeof data === 'string' || data === 1, {
      errors: [{ instancePath: '', schemaPath: '', keyword: 'anyOf', params: {} }],
    })
    const bound = bindParameter({ name, decode: { anyOf: [integer, string] }, schema: union }, 'query', formDecode)
    bound.check('12', faults, 'masked', 10)
    expect(faults).toEqual([])
    union.errors = [{ instancePath: '', schemaPath: '', keyword: 'not', params: {} }]
    bound.check('12', faults, 'masked', 10)
    expect(faults).toHaveLength(1)
  })
})
