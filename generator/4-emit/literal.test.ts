import { Script } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallPlan, Reference, type Value } from '../model/service-plan.ts'
import { code, comment, identifierCode } from './code.ts'
import { literal, type Resolver } from './literal.ts'

const names: Resolver = {
  reference: (reference) => identifierCode(reference.name),
  callee: (call) => identifierCode(call.export),
}

/** What the printed expression means to a JavaScript engine. */
function evaluate(text: string): unknown {
  return new Script(`(${text})`).runInNewContext({})
}

describe('literal', () => {
  test('prints any data as an expression of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const read = evaluate(literal(value as Value, names).text)
        expect(JSON.stringify(read)).toBe(JSON.stringify(value))
      }),
    )
  })

  test('keeps strings that look like code, comments or templates as strings', () => {
    for (const text of ["'", '`${x}`', '*/ alert(1) /*', '\u2028\u2029', '</script>', '\\', '\0\x7f\ufeff', '\ud800']) {
      expect(evaluate(literal(text, names).text)).toBe(text)
    }
  })

  test('prints a member called __proto__ as a member', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}') as Value
    const read = evaluate(literal(value, names).text) as object
    expect(Object.hasOwn(read, '__proto__')).toBe(true)
    expect('polluted' in read).toBe(false)
  })

  test('takes no data for a call or a reference', () => {
    const value = { kind: 'call', module: 'x', export: 'evil', args: [], to: 'runtime', name: 'evil' }
    expect(evaluate(literal(value, names).text)).toEqual(value)
  })

  test('prints references and calls as names', () => {
    const call = new CallPlan('policies/cache', 'cache', [{ ttl: 30, store: new Reference('instance', 'store') }])
    expect(literal(call, names).text).toBe('cache({ ttl: 30, store })')
  })

  test('breaks what is too long for a line, a member a line', () => {
    const value = { first: 'x'.repeat(60), second: ['y'.repeat(60)], third: undefined }
    expect(literal(value, names).text).toBe(`{\n  first: '${'x'.repeat(60)}',\n  second: ['${'y'.repeat(60)}'],\n}`)
  })
})

describe('code', () => {
  test('quotes what is interpolated unless it is code', () => {
    expect(code`const ${identifierCode('a')} = ${"b'c"}`.text).toBe("const a = 'b\\'c'")
  })

  test('refuses a name that is none', () => {
    expect(() => identifierCode('a b')).toThrow('not an identifier')
    expect(() => identifierCode('x=1;evil')).toThrow('not an identifier')
  })

  test('cannot be left out of a comment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const printed = comment([text, '*/ x']).text
        expect(printed.indexOf('*/')).toBe(printed.length - 2)
        expect(evaluate(`${printed} 1`)).toBe(1)
      }),
    )
  })
})
