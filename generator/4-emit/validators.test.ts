import { describe, expect, it } from 'vitest'
import type { Validator } from '../../runtime/core/validator.ts'
import type { Json } from '../model/json.ts'
import type { SchemaSetPlan } from '../model/service-plan.ts'
import { loadValidators } from './validators.test-support.ts'
import { emitValidators } from './validators.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

async function one(
  schema: Json,
  components: { readonly [name: string]: Json } = {},
  direction: 'request' | 'response' = 'request',
): Promise<Validator> {
  const { checked } = await loadValidators({ components, validators: [{ name: 'checked', schema, direction }] })
  return checked!
}

function errorsOf(validator: Validator, data: unknown): string[] {
  validator(data)
  return (validator.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

describe('emitValidators', () => {
  it('gives the same bytes for the same schemas, and types for what it exports', () => {
    const set: SchemaSetPlan = {
      components: { A: { type: 'array', items: ref('A') } },
      validators: [{ name: 'aInRequest', schema: ref('A'), direction: 'request' }],
    }
    const { code, types } = emitValidators(set)
    expect(emitValidators(structuredClone(set)).code).toBe(code)
    expect(code).toMatch(/^\/\/ Not meant to be read/)
    expect(code).not.toContain('ajv/')
    expect(types).toBe(
      "import type { Validator } from '@specgate/runtime/core/validator'\n\nexport declare const aInRequest: Validator\n",
    )
  })

  it('grows as the document does, though every schema uses every other', () => {
    const circular = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `S${index}`)
      const properties = Object.fromEntries(names.map((name) => [name, ref(name)]))
      const components = Object.fromEntries(names.map((name) => [name, { type: 'object', properties }]))
      const { code } = emitValidators({
        components,
        validators: [{ name: 'v', schema: ref('S0'), direction: 'request' }],
      })
      return code.split('\nfunction ').length - 1
    }
    expect(circular(10)).toBe(10)
    expect(circular(20)).toBe(20)
  })

  it('takes names of any characters, also such as differ in nothing a name in code can hold', async () => {
    const components = { 'a/b~c%d.É': { type: 'string' }, 'a b c d  ': { type: 'number' } }
    const { x, y } = await loadValidators({
      components,
      validators: [
        { name: 'x', schema: { $ref: '#/components/schemas/a~1b~0c%25d.%C3%89' }, direction: 'request' },
        { name: 'y', schema: ref('a b c d  '), direction: 'request' },
      ],
    })
    expect([x!('t'), x!(1), y!(1), y!('t')]).toEqual([true, false, true, false])
  })

  it('keeps texts of the document inside strings', async () => {
    const nasty = '"); throw new Error("x"); //\u2028`${1}`\\'
    const validator = await one({ enum: [nasty], type: 'string', minLength: 1 })
    expect(validator(nasty)).toBe(true)
    const member = await one({ type: 'object', required: [nasty], properties: { [nasty]: { type: 'number' } } })
    expect(errorsOf(member, { [nasty]: 't' })).toHaveLength(1)
  })

  it('asks for own members', async () => {
    const validator = await one({ required: ['__proto__', 'constructor', 'toString'] })
    expect(validator({})).toBe(false)
    expect(validator(JSON.parse('{"__proto__":1,"constructor":1,"toString":1}'))).toBe(true)
    const typed = await one(
      JSON.parse('{"properties":{"__proto__":{"type":"number"}},"additionalProperties":false}') as Json,
    )
    expect(typed(JSON.parse('{"__proto__":"t"}'))).toBe(false)
    expect(typed(JSON.parse('{"__proto__":1}'))).toBe(true)
  })

  it.each([
    [{ multipleOf: 0.01 }, [19.99, 0.07, 1e-2, 4.35], [0.001, 19.995]],
    [{ type: 'integer', format: 'int32' }, [2147483647], [2147483648, 1.5]],
    [{ pattern: '^[\\w-.]+$' }, ['a-b.c'], ['a b']],
    [{ pattern: '^\\p{L}+$' }, ['é'], ['1']],
    [{ enum: [] }, [], [1, null]],
    [
      { uniqueItems: true },
      [[1, '1', true, { a: 1 }, { a: 2 }]],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        [1, 1],
      ],
    ],
    [{ format: 'something-new' }, ['x'], []],
  ])('judges %j', async (schema, good, bad) => {
    const validator = await one(schema)
    expect(good.filter((value) => !validator(value))).toEqual([])
    expect(bad.filter((value) => validator(value))).toEqual([])
  })

  it('stops a loop that has found enough', async () => {
    const items = await one({ type: 'array', items: { type: 'object', required: ['a', 'b'] } })
    expect(items(Array.from({ length: 10_000 }, () => ({})))).toBe(false)
    expect(items.errors!.length).toBeLessThan(60)
    const members = await one({ additionalProperties: false })
    members(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`m${index}`, 1])))
    expect(members.errors!.length).toBeLessThan(60)
    const found = await one({ contains: { const: 'needle' } })
    expect(found([...Array.from({ length: 1000 }, () => 'hay'), 'needle'])).toBe(true)
    const branch = await one({ anyOf: [{ items: { type: 'string' } }, { items: { type: 'number' } }] })
    expect(branch(Array.from({ length: 1000 }, () => 1))).toBe(true)
    expect(branch([...Array.from({ length: 1000 }, () => 1), 't'])).toBe(false)
  })

  it('does not judge formats that only annotate', async () => {
    const plan = {
      components: {},
      validators: [{ name: 'v', schema: { format: 'uuid' }, direction: 'request' as const }],
    }
    expect((await loadValidators(plan))['v']!('x')).toBe(false)
    expect((await loadValidators({ ...plan, formats: 'annotate' }))['v']!('x')).toBe(true)
  })
})

describe('direction', () => {
  const components = {
    Id: { type: 'string', readOnly: true },
    Base: { type: 'object', required: ['id', 'name'], properties: { id: ref('Id'), name: { type: 'string' } } },
    User: {
      allOf: [ref('Base'), { required: ['secret', 'made'], properties: { secret: { writeOnly: true } } }],
      properties: { made: { readOnly: true }, friends: { type: 'array', items: ref('User') } },
    },
    Plain: { required: ['x'], properties: { x: { type: 'string' } } },
    Holder: { properties: { user: ref('User'), plain: ref('Plain') } },
  }

  it('drops readOnly members from what requests must have, writeOnly ones from responses', async () => {
    expect(errorsOf(await one(ref('User'), components, 'request'), {})).toEqual([' required', ' required'])
    expect(
      (await one(ref('User'), components, 'request'))({
        name: 'n',
        secret: 's',
        friends: [{ name: 'n', secret: 's' }],
      }),
    ).toBe(true)
    expect((await one(ref('User'), components, 'response'))({ id: 'i', name: 'n', made: 1 })).toBe(true)
    expect((await one(ref('User'), components, 'response'))({ name: 'n', made: 1 })).toBe(false)
  })

  it('makes two functions only where it matters', () => {
    const { code } = emitValidators({
      components,
      validators: [
        { name: 'a', schema: ref('Holder'), direction: 'request' },
        { name: 'b', schema: ref('Holder'), direction: 'response' },
      ],
    })
    expect([...code.matchAll(/^function (\w+)/gm)].map(([, name]) => name)).toEqual([
      'schema_Base',
      'schema_Base_request',
      'schema_Holder_request',
      'schema_Holder_response',
      'schema_Id',
      'schema_Plain',
      'schema_User_request',
      'schema_User_response',
    ])
  })
})

describe('discriminator', () => {
  const components = {
    Cat: {
      type: 'object',
      required: ['kind', 'lives'],
      properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
    },
    Dog: {
      type: 'object',
      required: ['kind', 'bark'],
      properties: { kind: { type: 'string' }, bark: { type: 'string' } },
    },
  }
  const pet = {
    oneOf: [ref('Cat'), ref('Dog')],
    discriminator: { propertyName: 'kind', mapping: { dog: ref('Dog').$ref } },
  }

  it('judges the branch that is meant, by name or mapping', async () => {
    const validator = await one(pet, components)
    expect(validator({ kind: 'Cat', lives: 9 })).toBe(true)
    expect(validator({ kind: 'dog', bark: 'b', lives: 9 })).toBe(true)
    expect(errorsOf(validator, { kind: 'dog', lives: 9 })).toEqual([' required'])
    expect(errorsOf(validator, { kind: 'Cow' })).toEqual([' variants'])
    expect(errorsOf(validator, {})).toEqual([' variants'])
    expect(validator('text')).toBe(false)
  })

  it('lets what is no object be another branch, and a default take the rest', async () => {
    const nullable = await one({ ...pet, oneOf: [...pet.oneOf, { type: 'null' }] }, components)
    expect([nullable(null), nullable({ kind: 'Cat', lives: 1 }), nullable(1)]).toEqual([true, true, false])
    const open = await one({ ...pet, discriminator: { propertyName: 'kind', defaultMapping: 'Cat' } }, components)
    expect(open({ kind: 'Cow', lives: 1 })).toBe(true)
  })

  it.each([[['b']], [['b', 'kind']]])(
    'judges a value without a tag by the plain union unless every branch requires one',
    async (required) => {
      const branches = { A: { required: ['a'] }, B: { required, properties: { kind: { type: 'string' } } } }
      const validator = await one({ oneOf: [ref('A'), ref('B')], discriminator: { propertyName: 'kind' } }, branches)
      expect([
        validator({ a: 1 }),
        validator({ kind: 'B', b: 1 }),
        validator({ kind: 'B', a: 1 }),
        validator({}),
      ]).toEqual([true, true, false, false])
    },
  )

  it('falls back to the plain union where tags do not tell branches apart', async () => {
    const both = { required: ['kind'], properties: { kind: { enum: ['a', 'b'] }, x: { type: 'string' } } }
    const validator = await one(
      { oneOf: [{ ...both, required: ['x'] }, { required: ['y'] }], discriminator: { propertyName: 'kind' } },
      {},
    )
    expect([validator({ kind: 'a', x: 't' }), validator({ kind: 'a', y: 1 })]).toEqual([true, true])
  })

  it('finds the children of a parent, which is all of each of them', async () => {
    const family = {
      Animal: {
        type: 'object',
        required: ['kind'],
        properties: { kind: { type: 'string' }, age: { type: 'integer' } },
        discriminator: { propertyName: 'kind' },
      },
      Dog: { allOf: [ref('Animal'), { required: ['bark'] }] },
      Poodle: { allOf: [ref('Dog'), { required: ['curls'] }] },
    }
    const animal = await one(ref('Animal'), family)
    expect(animal({ kind: 'Dog', bark: 1, age: 1 })).toBe(true)
    expect(errorsOf(animal, { kind: 'Poodle', age: 't' })).toEqual(['/age type', ' required', ' required'])
    expect(animal({ kind: 'whatever' })).toBe(true)
    expect((await one(ref('Dog'), family))({ kind: 'x' })).toBe(false)
  })
})

describe('circles', () => {
  it('ends where a parent is one of its children and each child all of the parent', async () => {
    const components = {
      Shape: { type: 'object', required: ['id'], oneOf: [ref('Circle'), ref('Square')] },
      Circle: { allOf: [ref('Shape'), { required: ['radius'] }] },
      Square: { allOf: [ref('Shape'), { required: ['side'] }] },
    }
    const shape = await one(ref('Shape'), components)
    expect(shape({ id: 1, radius: 1 })).toBe(true)
    expect(shape({ id: 1 })).toBe(false)
    expect(shape({ radius: 1 })).toBe(false)
    expect((await one(ref('Circle'), components))({ id: 1, radius: 1 })).toBe(true)
  })

  it('ends where schemas only name each other', async () => {
    const components = {
      A: { allOf: [ref('B'), { minimum: 2 }] },
      B: { anyOf: [ref('A'), { type: 'string' }] },
      C: ref('C'),
    }
    expect((await one(ref('A'), components))(1)).toBe(false)
    expect((await one(ref('B'), components))('t')).toBe(true)
    expect((await one(ref('C'), components))('t')).toBe(true)
  })

  it('ends where schemas are each other or something else', async () => {
    const components = {
      A: { anyOf: [ref('B'), { type: 'string' }] },
      B: { anyOf: [{ type: 'number' }, ref('A')] },
      C: { oneOf: [ref('D')] },
      D: { oneOf: [ref('C'), { type: 'string' }] },
      E: { properties: { e: ref('E') }, anyOf: [ref('F'), { required: ['e'] }] },
      F: { anyOf: [ref('E'), { required: ['f'] }] },
    }
    for (const name of ['A', 'B']) {
      const validator = await one(ref(name), components)
      expect(['t', 1, true].map((value) => validator(value))).toEqual([true, true, false])
    }
    const d = await one(ref('D'), components)
    expect([d('t'), d(1), d('t')]).toEqual([true, false, true])
    const e = await one(ref('E'), components)
    expect([e({ e: { f: 1 } }), e({ e: {} }), e({ e: { e: { f: 1 } }, f: 1 }), e({})]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('ends where schemas are all of each other', async () => {
    const components = {
      A: { allOf: [ref('B'), { minimum: 1 }] },
      B: { allOf: [ref('A'), { maximum: 5 }] },
      C: ref('D'),
      D: ref('C'),
      N: { not: ref('M') },
      M: { allOf: [ref('N'), { type: 'string' }] },
    }
    for (const name of ['A', 'B']) {
      const validator = await one(ref(name), components)
      expect([0, 3, 6].map((value) => validator(value))).toEqual([false, true, false])
    }
    expect((await one(ref('C'), components))('t')).toBe(true)
    expect(typeof (await one(ref('N'), components))('t')).toBe('boolean')
  })

  it('ends where a child may be its parent', async () => {
    const components = {
      Drink: {
        type: 'object',
        required: ['kind'],
        properties: { kind: { type: 'string', enum: ['coke', 'Mix'] } },
        discriminator: { propertyName: 'kind' },
      },
      Mix: { oneOf: [ref('Drink')], anyOf: [ref('Drink')], allOf: [ref('Drink')] },
    }
    for (const name of ['Drink', 'Mix']) {
      const validator = await one(ref(name), components)
      expect([{ kind: 'coke' }, { kind: 'Mix' }, { kind: 'x' }, {}].map((value) => validator(value))).toEqual([
        true,
        true,
        false,
        false,
      ])
    }
  })
})

describe('unions', () => {
  it('tell what the nearest branch lacks', async () => {
    const validator = await one({
      oneOf: [
        { type: 'string' },
        { type: 'object', required: ['a'], properties: { b: { type: 'object', required: ['c'] } } },
      ],
    })
    expect(errorsOf(validator, { a: 1, b: {} })).toEqual(['/b required', ' oneOf'])
    expect(errorsOf(validator, 1)).toEqual([' oneOf'])
  })

  it('tell constants apart', async () => {
    const branch = (kind: string, member: string) => ({ required: [member], properties: { kind: { const: kind } } })
    const validator = await one({ anyOf: [branch('a', 'x'), branch('b', 'y')] })
    validator({ kind: 'b' })
    expect(validator.errors!.map(({ params }) => params['missingProperty'])).toEqual(['y', undefined])
  })
})
