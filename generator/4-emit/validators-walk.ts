import { isObject } from '../model/json.ts'
import { circlesOf } from './circles.ts'

/** What a component schema does with the value it judges. */
export interface Facts {
  /** Components that judge the very value this one judges. */
  readonly same: { readonly name: string; readonly kind: 'all' | 'union' }[]
  readonly all: Set<string>
  request: boolean
  response: boolean
}

/** How a subschema stands to the value: all of it, one way it may be, or something inside it. */
export type Role = 'all' | 'union' | 'inner'

const unionLists = ['anyOf', 'oneOf']
const unionSchemas = ['not', 'if', 'then', 'else']
const innerSchemas = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
]
const innerMaps = ['properties', 'patternProperties']

/** Visits every subschema, with what it judges and the schemas that judge the same value around it. */
export function walk(
  schema: unknown,
  visit: (part: { readonly [key: string]: unknown }, role: Role, ancestors: readonly object[]) => void,
  role: Role = 'all',
  ancestors: readonly object[] = [],
): void {
  if (!isObject(schema)) return
  visit(schema, role, ancestors)
  const around = [schema, ...ancestors]
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
  const values = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : [])
  const union = role === 'all' ? 'union' : role
  for (const part of list(schema['allOf'])) walk(part, visit, role, around)
  for (const key of unionLists) for (const part of list(schema[key])) walk(part, visit, union, around)
  for (const key of unionSchemas) walk(schema[key], visit, union, around)
  for (const part of values(schema['dependentSchemas'])) walk(part, visit, union, around)
  for (const key of innerSchemas) walk(schema[key], visit, 'inner')
  for (const key of innerMaps) for (const part of values(schema[key])) walk(part, visit, 'inner')
  for (const part of list(schema['prefixItems'])) walk(part, visit, 'inner')
}

/** Components by circle: those that judge the value they are given by each other; those in none are absent. */
export function componentCircles(facts: ReadonlyMap<string, Pick<Facts, 'same'>>): Map<string, number> {
  return circlesOf(facts.keys(), (name) => (facts.get(name)?.same ?? []).map((target) => target.name))
}
