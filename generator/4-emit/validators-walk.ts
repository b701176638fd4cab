import { isObject } from '../model/json.ts'

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

/** Components by circle (Tarjan's strongly connected components); those in none are absent. */
export function circlesOf(facts: ReadonlyMap<string, Pick<Facts, 'same'>>): Map<string, number> {
  const circles = new Map<string, number>()
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (name: string): void => {
    index.set(name, index.size)
    low.set(name, index.get(name)!)
    stack.push(name)
    const targets = facts.get(name)?.same ?? []
    for (const { name: target } of targets) {
      if (!index.has(target)) visit(target)
      if (stack.includes(target)) low.set(name, Math.min(low.get(name)!, low.get(target)!))
    }
    if (low.get(name) !== index.get(name)) return
    const members = stack.splice(stack.indexOf(name))
    if (members.length > 1 || targets.some((target) => target.name === name)) {
      for (const member of members) circles.set(member, index.get(name)!)
    }
  }
  for (const name of facts.keys()) if (!index.has(name)) visit(name)
  return circles
}
