import fc from 'fast-check'

export type Schema = { readonly [key: string]: unknown }
/** A schema, a value of it and the XML of the value; `attribute` where it may be one. */
export interface Sample {
  readonly schema: Schema
  readonly value: unknown
  /** The element(s) of the value under a name: as OpenAPI's `xml` object says. */
  xml(name: string): string
  readonly text?: string
}

const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;')
const escapeValue = (text: string): string =>
  escapeText(text).replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')

const scalar = (schema: Schema, value: unknown, text: string): Sample => ({
  schema,
  value,
  text,
  xml: (name) => `<${name}>${escapeText(text)}</${name}>`,
})

const characters = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => !/[\u0000-\u0008\v\f\u000e-\u001f\ufffe\uffff]/.test(text))
const scalars: fc.Arbitrary<Sample> = fc.oneof(
  characters.map((text) => scalar({ type: 'string' }, text, text)),
  fc
    .bigInt({ min: -(2n ** 60n), max: 2n ** 60n })
    .map((n) => scalar({ type: 'integer', format: 'int64' }, Number(n), ` ${n}\n`)),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((n) => scalar({ type: 'number' }, n === 0 ? 0 : n, String(n === 0 ? 0 : n))),
  fc
    .boolean()
    .chain((b) => fc.constantFrom(String(b), b ? '1' : '0').map((text) => scalar({ type: 'boolean' }, b, text))),
  fc.constantFrom('red', 'green').map((text) => scalar({ enum: ['red', 'green'] }, text, `\n  ${text} `)),
)

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c-d', 'e.f', '_g', 'constructor', 'toString', 'é', 'valueOf'), {
  minLength: 1,
  maxLength: 5,
})
const nil = (name: string): string => `<${name} xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>`

const { any: samples } = fc.letrec<{ any: Sample; object: Sample; array: Sample; nullable: Sample }>((tie) => ({
  any: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalars, tie('object'), tie('array'), tie('nullable')),
  nullable: fc.tuple(scalars, fc.boolean()).map(
    ([inner, isNull]): Sample => ({
      schema: {
        ...inner.schema,
        type: [inner.schema['type'] ?? 'string', 'null'],
        ...(inner.schema['enum'] === undefined ? {} : { enum: [...(inner.schema['enum'] as string[]), null] }),
      },
      value: isNull ? null : inner.value,
      xml: (name) => (isNull ? nil(name) : inner.xml(name)),
    }),
  ),
  array: fc
    .tuple(
      fc.array(fc.oneof(scalars, tie('object')), { maxLength: 1 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom('wrapped', 'named', 'plain'),
    )
    .map(([[item], count, style]): Sample => {
      const one = item ?? scalar({ type: 'string' }, 'x', 'x')
      const named = style === 'plain' ? {} : { name: 'item' }
      const items = { allOf: [one.schema, ...(style === 'plain' ? [] : [{ xml: named }])] }
      return {
        schema: { type: 'array', items, ...(style === 'wrapped' ? { xml: { wrapped: true } } : {}) },
        // Without a wrapper, no items leave no trace: such an array is absent.
        value: count === 0 && style !== 'wrapped' ? undefined : Array.from({ length: count }, () => one.value),
        xml: (name) => {
          const all = Array.from({ length: count }, () => one.xml(style === 'plain' ? name : 'item')).join('\n ')
          return style === 'wrapped' ? `<${name}>${all}</${name}>` : all
        },
      }
    }),
  object: fc
    .tuple(names, fc.array(fc.tuple(tie('any'), fc.boolean(), fc.boolean()), { minLength: 5, maxLength: 5 }))
    .map(([keys, members]): Sample => {
      const used = keys.map((key, i) => {
        const [member, present, attribute] = members[i]!
        const isAttribute = attribute && member.text !== undefined
        const schema = isAttribute ? { ...member.schema, xml: { attribute: true } } : member.schema
        return { key, member, schema, isAttribute, present: present && member.value !== undefined }
      })
      const there = used.filter(({ present }) => present)
      const unnamed = used.some(({ schema }) => JSON.stringify(schema).includes('"item"'))
      return {
        schema: { type: 'object', properties: Object.fromEntries(used.map(({ key, schema }) => [key, schema])) },
        value: Object.fromEntries(there.map(({ key, member }) => [key, member.value])),
        xml: (name) => {
          const attributes = there
            .filter(({ isAttribute }) => isAttribute)
            .map(({ key, member }) => ` ${key}="${escapeValue(member.text!)}"`)
          const elements = there.filter(({ isAttribute }) => !isAttribute).map(({ key, member }) => member.xml(key))
          return `<${name}${attributes.join('')}>${unnamed ? '' : ' '}${elements.join('\n')}</${name}>`
        },
      }
    }),
}))

/** Two arrays of one item name in one object cannot be told apart without a wrapper; such schemas are not the point here. */
function isTellable(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true
  const properties = Object.values((schema as { properties?: Record<string, Schema> }).properties ?? {})
  const unwrapped = properties.filter(
    (one) => one['type'] === 'array' && one['xml'] === undefined && JSON.stringify(one['items']).includes('"item"'),
  )
  return unwrapped.length < 2 && Object.values(schema).every(isTellable)
}

/** Objects with the XML that OpenAPI says they are. */
export const documents: fc.Arbitrary<Sample> = samples.filter(
  ({ schema, value }) => value !== undefined && schema['type'] === 'object' && isTellable(schema),
)
