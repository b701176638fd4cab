import { expect, it } from 'vitest'
import { convertXml } from './convert.ts'
import { linkRoot } from './link.ts'
import type { XmlValue } from './shape.ts'

const walk = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const

const entry = (type: 'integer' | 'string'): XmlValue => ({
  type: 'object',
  properties: { kind: { type: 'string' }, size: { type } },
})

const list = linkRoot({
  value: {
    type: 'array',
    items: {
      type: 'oneOf',
      by: { name: 'kind' },
      of: [
        { is: ['a'], value: entry('integer') },
        { is: ['b'], value: entry('string') },
      ],
    },
  },
})

it('a long list of alternatives is read again item by item, and is not too much for that', () => {
  const count = 40_000
  const items = Array.from({ length: count }, (_, i) => `<e><size>07</size><kind>${i % 2 === 0 ? 'a' : 'b'}</kind></e>`)
  const json = JSON.parse(convertXml(Buffer.from(`<l>${items.join('')}</l>`), list, walk).toString())
  expect(json).toHaveLength(count)
  expect(json.slice(-2)).toEqual([
    { size: 7, kind: 'a' },
    { size: '07', kind: 'b' },
  ])
})
