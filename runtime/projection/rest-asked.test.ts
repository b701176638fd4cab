import { describe, expect, it } from 'vitest'
import type { AskedParts } from './asked.ts'
import { Projector } from './projector.ts'
import { type JsonShape, jsonShapes } from './shape.ts'

const refuses = () => {
  throw new Error('asked a validator')
}
const text = { types: ['string'] } as const

function closed(asked: AskedParts, properties: { readonly [name: string]: JsonShape }) {
  return {
    when: refuses,
    asked: { ...asked, additional: false } as const,
    value: { properties, additional: false } as const,
  }
}

/** Both are closed, and so is `o` in the first. */
const shape: JsonShape = {
  choices: [
    {
      of: [
        closed(
          { required: ['a'], properties: { a: text, o: { properties: { x: text }, additional: false } } },
          { a: 'plain', o: { properties: { x: 'plain' }, additional: false } },
        ),
        closed({ required: ['b'], properties: { b: text, a: text } }, { a: 'plain', b: 'plain' }),
      ],
    },
  ],
}

const project = (value: string, of: JsonShape = shape) => {
  const projector = new Projector(jsonShapes({}), { undeclared: 'strip', depth: 16 })
  return projector.project(Buffer.from(value), projector.root(of), [], () => undefined).toString()
}

describe('what is left of values that no closed alternative accepts', () => {
  it.each([
    ['is judged', '{"a":"1","q":1}', '{"a":"1"}'],
    ['is judged inside of members', '{"a":"1","o":{"x":"1","q":[{}]}}', '{"a":"1","o":{"x":"1"}}'],
    ['may still be refused', '{"a":1,"q":1}', '{}'],
    ['may still be refused inside of members', '{"a":"1","o":{"x":1,"q":1}}', '{}'],
    ['may lack what is required', '{"q":"1"}', '{}'],
    ['counts where it is of one alternative only', '{"a":"1","b":"2","q":1}', '{}'],
  ])('%s', (_, value, expected) => expect(project(value)).toBe(expected))

  it('does not have what is required and not declared', () => {
    const of = [closed({ required: ['z'], properties: { a: text } }, { a: 'plain' })]
    expect(project('{"z":1,"a":"1"}', { choices: [{ of }] })).toBe('{}')
  })

  it('is judged by validators where alternatives stand within', () => {
    const inner: JsonShape = { choices: [{ of: [{ when: refuses, value: 'plain' }] }] }
    const of = [closed({ properties: { a: { required: ['x'] } } }, { a: inner })]
    expect(() => project('{"a":{},"q":1}', { choices: [{ of }] })).toThrow('asked a validator')
  })
})
