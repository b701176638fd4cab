import { isObject } from '../model/json.ts'
import type { SpecNode } from '../model/spec-node.ts'

export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object'

/**
 * The types a schema admits, through references and compositions; undefined where it says nothing. What is written as text
 * (parameters, form fields) is read by this first and judged afterwards.
 */
export function typesOf(schema: SpecNode | undefined): ReadonlySet<SchemaType> | undefined {
  return admitted(schema, new Set()) ?? hinted(schema, new Set())
}

function admitted(schema: SpecNode | undefined, seen: ReadonlySet<unknown>): Set<SchemaType> | undefined {
  if (schema === undefined || !isObject(schema.value) || seen.has(schema.value)) return undefined
  const within = new Set([...seen, schema.value])
  const all: (Set<SchemaType> | undefined)[] = [written(schema.value), values(schema.value)]
  if (schema.reference !== undefined) all.push(admitted(follow(schema), within))
  for (const part of schema.at('allOf')?.items() ?? []) all.push(admitted(part, within))
  for (const key of ['anyOf', 'oneOf']) {
    const branches =
      schema
        .at(key)
        ?.items()
        .map((branch) => admitted(branch, within)) ?? []
    if (branches.length > 0 && branches.every((types) => types !== undefined)) {
      all.push(new Set(branches.flatMap((types) => [...types!])))
    }
  }
  return all.reduce((left, right) => (left === undefined ? right : right === undefined ? left : both(left, right)))
}

function both(left: ReadonlySet<SchemaType>, right: ReadonlySet<SchemaType>): Set<SchemaType> {
  const found = new Set([...left].filter((type) => right.has(type)))
  // Every integer is a number.
  for (const [a, b] of [
    [left, right],
    [right, left],
  ] as const) {
    if (a.has('integer') && b.has('number')) found.add('integer')
  }
  return found
}

function written(schema: { readonly [key: string]: unknown }): Set<SchemaType> | undefined {
  const { type } = schema
  if (typeof type === 'string') return new Set([type as SchemaType])
  return Array.isArray(type) && type.length > 0 ? new Set(type as SchemaType[]) : undefined
}

/** The types of what `enum` and `const` list. */
function values(schema: { readonly [key: string]: unknown }): Set<SchemaType> | undefined {
  const list = Array.isArray(schema['enum']) ? schema['enum'] : Object.hasOwn(schema, 'const') ? [schema['const']] : []
  return list.length === 0 ? undefined : new Set(list.map(typeOfValue))
}

function typeOfValue(value: unknown): SchemaType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as SchemaType
}

const hints: readonly (readonly [SchemaType, readonly string[]])[] = [
  ['object', ['properties', 'additionalProperties', 'patternProperties', 'minProperties', 'maxProperties', 'required']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
]

/** Where no type is written, the keywords show what the author had in mind. */
function hinted(schema: SpecNode | undefined, seen: ReadonlySet<unknown>): Set<SchemaType> | undefined {
  if (schema === undefined || !isObject(schema.value) || seen.has(schema.value)) return undefined
  const { value } = schema
  const found = hints.find(([, keywords]) => keywords.some((keyword) => Object.hasOwn(value, keyword)))
  if (found !== undefined) return new Set([found[0]])
  const format = schema.at('format')?.string
  if (format !== undefined && /^(u?int(8|16|32|64)|float|double|double-int)$/.test(format)) return new Set(['number'])
  const within = new Set([...seen, value])
  return schema.reference === undefined ? undefined : hinted(follow(schema), within)
}

/** What a schema's `$ref` names; the schema itself where it names nothing. */
export function follow(schema: SpecNode): SpecNode {
  const target = schema.reference === undefined ? undefined : schema.tree.target(schema.reference)
  return target ?? schema
}

/** A schema with everything that is said about the same value: references and `allOf` followed, unions opened. */
export function partsOf(schema: SpecNode | undefined, seen: Set<unknown> = new Set()): SpecNode[] {
  if (schema === undefined || !isObject(schema.value) || seen.has(schema.value)) return []
  seen.add(schema.value)
  const inside = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => schema.at(key)?.items() ?? [])
  const target = schema.reference === undefined ? [] : partsOf(follow(schema), seen)
  return [schema, ...target, ...inside.flatMap((part) => partsOf(part, seen))]
}
