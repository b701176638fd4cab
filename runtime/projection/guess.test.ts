import { describe, expect, it } from 'vitest'
import { Projector } from './projector.ts'
import { type JsonShape, jsonShapes } from './shape.ts'

const refuses = () => {
  throw new Error('asked a validator')
}
const text = { types: ['string'] } as const
/** Told apart by what they ask; `o` is another thing in each. */
const either: JsonShape = {
  properties: { id: 'plain' },
  choices: [
    {
      of: [
        {
          when: refuses,
          asked: { required: ['a'], properties: { a: text, o: { types: ['object'] } } },
          value: { properties: { a: 'plain', o: { properties: { x: 'plain' } } } },
        },
        {
          when: refuses,
          asked: { required: ['b'], properties: { b: { values: ['1', 1] }, o: { types: ['object'] } } },
          value: { properties: { b: 'plain', o: { properties: { y: 'plain' } } } },
        },
      ],
    },
  ],
}

function project(value: string, undeclared: 'strip' | 'block' = 'strip') {
  const projector = new Projector(jsonShapes({}), { undeclared, depth: 16 })
  const notes: Record<string, number> = {}
  const root = projector.root({ items: either })
  const run = () =>
    projector.project(Buffer.from(value), root, [], (_, pointer, count = 1) => {
      notes[pointer ?? ''] = (notes[pointer ?? ''] ?? 0) + count
    })
  return { text: run().toString(), notes }
}

describe('alternatives told by text', () => {
  it.each([
    ['taking turns', '[{"a":"1","q":1},{"b":"1","q":1},{"a":"2"}]', '[{"a":"1"},{"b":"1"},{"a":"2"}]'],
    ['both', '[{"a":"1","b":1}]', '[{"a":"1","b":1}]'],
    ['a member of the other', '[{"a":"1","b":2,"id":3},{"b":1,"a":2}]', '[{"a":"1","id":3},{"b":1}]'],
    [
      'members that differ inside',
      '[{"a":"1","o":{"x":1,"y":2}},{"o":{"x":1,"y":2},"b":"1"},{"o":{"y":2,"x":1},"a":""}]',
      '[{"a":"1","o":{"x":1}},{"o":{"y":2},"b":"1"},{"o":{"x":1},"a":""}]',
    ],
    [
      'escaped names',
      '[{"\\u0062":1,"o":{"x":1}},{"\\u0061":"","\\u006f":{"x":1}}]',
      '[{"\\u0062":1,"o":{}},{"\\u0061":"","\\u006f":{"x":1}}]',
    ],
  ])('%s', (_, value, expected) => expect(project(value).text).toBe(expected))

  it('counts what is taken out, not what was taken back', () => {
    expect(project('[{"a":"1","o":{"x":1,"y":2}},{"o":{"x":1},"b":"1"}]').notes).toEqual({ '/*/o/y': 1, '/*/o/x': 1 })
  })

  it('blocks by what a value is, not by what it was taken for', () => {
    const value = '[{"a":"1","o":{"x":1}},{"o":{"y":1},"b":"1"},{"a":"1","o":{"x":1}}]'
    expect(project(value, 'block').text).toBe(value)
    expect(() => project('[{"a":"1","o":{"y":1}}]', 'block')).toThrow('undeclared')
  })

  it('refuses a name given twice that tells', () => {
    expect(() => project('[{"a":"1","a":2}]')).toThrow('twice')
    expect(() => project('[{"a":"1","\\u0061":2}]')).toThrow('twice')
  })

  it('asks no validators where none holds', () => {
    expect(project('[{"id":1,"o":{"x":1}},{"b":2,"a":2}]').text).toBe('[{"id":1},{}]')
  })
})
