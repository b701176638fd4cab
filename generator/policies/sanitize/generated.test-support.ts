import fc from 'fast-check'
import { sanitize } from '../../../runtime/policies/sanitize/sanitize.ts'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { sanitizeOptions } from '../../../test/support/sanitize-options.ts'

export type Schema = { readonly [key: string]: unknown }

const names = ['a', 'b', 'c', 'é', 'toString', 'constructor', 'x-1', 'kind'] as const
const name = fc.constantFrom(...names)
const components = ['Node', 'Cat', 'Dog', 'Pet', 'Free'] as const

export const { schema } = fc.letrec<{ schema: Schema; object: Schema }>((tie) => {
  const inner = tie('schema')
  const properties = fc
    .array(fc.tuple(name, inner), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as Record<string, Schema>)
  const some = <T>(key: string, value: fc.Arbitrary<T>) =>
    fc.option(
      value.map((one) => ({ [key]: one })),
      { nil: {}, freq: 2 },
    )
  const object = fc
    .tuple(
      properties,
      some('additionalProperties', fc.oneof(fc.boolean(), inner)),
      some(
        'patternProperties',
        inner.map((one) => ({ '^x-': one })),
      ),
      some('required', fc.uniqueArray(name, { minLength: 1, maxLength: 2 })),
      fc.boolean(),
    )
    .map(
      ([own, additional, patterns, required, typed]): Schema => ({
        ...(typed ? { type: 'object' } : {}),
        properties: own,
        ...additional,
        ...patterns,
        // What is writeOnly is not asked for in answers: ajv does not know that.
        ...(JSON.stringify(own).includes('writeOnly') ? {} : required),
      }),
    )
  const branches = fc.array(tie('object'), { minLength: 1, maxLength: 3 })
  const composed = fc.tuple(tie('object'), branches, fc.constantFrom('allOf', 'oneOf', 'anyOf'))
  return {
    object,
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<Schema>(
        { type: 'string' },
        { type: 'integer' },
        {},
        { type: 'object' },
        { writeOnly: true },
        { type: ['string', 'null'] },
        { const: 's' },
        { enum: ['LEAK', 1, null] },
        { type: 'string', minLength: 2 },
        { type: 'number', maximum: 5 },
        { type: ['integer', 'null'], minimum: 2 },
      ),
      { arbitrary: object, weight: 4 },
      fc.constantFrom(...components).map((one): Schema => ({ $ref: `#/components/schemas/${one}` })),
      inner.map((items): Schema => ({ type: 'array', items })),
      fc
        .tuple(fc.array(inner, { minLength: 1, maxLength: 2 }), some('items', fc.oneof(fc.constant(false), inner)))
        .map(([prefixItems, items]): Schema => ({ prefixItems, ...items })),
      composed.map(([base, of, key]): Schema => ({ ...base, [key]: of })),
      branches.map((of): Schema => ({ oneOf: of })),
      inner.map((one): Schema => ({ oneOf: [{ type: 'null' }, one] })),
      fc.tuple(tie('object'), tie('object'), tie('object')).map(
        ([test, then, other]): Schema =>
          Object.fromEntries<unknown>([
            ['if', test],
            ['then', then],
            ['else', other],
          ]),
      ),
      fc
        .tuple(tie('object'), name, tie('object'))
        .map(([base, has, one]): Schema => ({ ...base, dependentSchemas: { [has]: one } })),
      fc.constant<Schema>({
        oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
        discriminator: { propertyName: 'kind' },
      }),
    ),
  }
})

export const fixed: Record<string, Schema> = {
  Node: {
    type: 'object',
    properties: {
      a: { type: 'string' },
      b: { $ref: '#/components/schemas/Node' },
      c: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
    },
  },
  Pet: {
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string' } },
    discriminator: { propertyName: 'kind' },
  },
  Cat: {
    allOf: [
      { $ref: '#/components/schemas/Pet' },
      { properties: { kind: { const: 'Cat' }, a: { type: 'string' }, b: { $ref: '#/components/schemas/Pet' } } },
    ],
  },
  Dog: {
    allOf: [{ $ref: '#/components/schemas/Pet' }],
    properties: { kind: { const: 'Dog' }, c: { type: 'integer' } },
    additionalProperties: false,
  },
  Free: { additionalProperties: true },
}

export const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<unknown>('s', 1, null, 'LEAK', true),
    {
      arbitrary: fc
        .array(fc.tuple(fc.oneof(name, fc.constantFrom('LEAK', 'x-2', '__proto__')), tie('value')), { maxLength: 6 })
        .map((entries) => Object.fromEntries(entries)),
      weight: 5,
    },
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .tuple(fc.constantFrom('Cat', 'Dog', 'Pet', 'Bird'), tie('value'), tie('value'))
      .map(([kind, a, c]) => ({ LEAK: 1, a, kind, c })),
  ),
}))

/** A value that goes along a schema, with strange members beside. */
export function along(of: unknown, random: () => number, depth = 0): unknown {
  if (typeof of !== 'object' || of === null || depth > 6) return 's'
  const own = of as Schema
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  if (typeof own['$ref'] === 'string') return along(fixed[own['$ref'].split('/').pop()!], random, depth + 1)
  const list = (key: string) => (own[key] ?? []) as Schema[]
  if (own['type'] === 'string') return 's'
  if (own['type'] === 'integer') return 7
  if (own['items'] !== undefined || own['prefixItems'] !== undefined) {
    return [...list('prefixItems'), own['items'], own['items']].map((one) => along(one, random, depth + 1))
  }
  const parts = [
    own,
    ...list('allOf'),
    ...(list('oneOf').length > 0 ? [pick(list('oneOf'))] : []),
    ...(list('anyOf').length > 0 ? [pick(list('anyOf'))] : []),
  ]
  const members: [string, unknown][] = []
  for (const part of parts) {
    const target = typeof part['$ref'] === 'string' ? fixed[part['$ref'].split('/').pop()!]! : part
    for (const [key, one] of Object.entries((target['properties'] ?? {}) as object))
      members.push([key, along(one, random, depth + 1)])
    for (const key of (target['required'] ?? []) as string[])
      if (!members.some(([known]) => known === key)) members.push([key, 's'])
  }
  if (random() < 0.5) members.push(['kind', pick(['Cat', 'Dog'])])
  if (random() < 0.6) members.push(['LEAK', { a: 'LEAK' }])
  return Object.fromEntries(members)
}

/** JSON with escapes in names and white space where it may be. */
export function written(of: unknown, random: () => number): string {
  const space = () => (random() < 0.2 ? ' \n' : '')
  if (Array.isArray(of)) return `[${space()}${of.map((one) => written(one, random) + space()).join(`,${space()}`)}]`
  if (typeof of !== 'object' || of === null) return JSON.stringify(of)
  const members = Object.entries(of).map(([key, one]) => {
    const text =
      random() < 0.2
        ? `"${[...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
        : JSON.stringify(key)
    return `${text}${space()}:${space()}${written(one, random)}${space()}`
  })
  return `{${space()}${members.join(`,${space()}`)}}`
}

/**
 * The policy as it is compiled for an operation that answers by this schema.
 *
 * @param isJudgedByText whether texts may tell which alternatives hold; else the validators of these are always asked
 */
export async function service(of: Schema, isJudgedByText = true): Promise<(text: string) => Promise<string>> {
  const policyOf = sanitize(await sanitizeOptions(of, fixed, isJudgedByText))
  return async (text) => {
    const answer = await policyOf(() => ({
      status: 200,
      headers: ['content-type', 'application/json'],
      body: Buffer.from(text),
    }))(exchangeOf())
    return answer.body!.toString()
  }
}
