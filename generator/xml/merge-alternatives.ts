import type { XmlScalarType } from '../../runtime/xml/shape.ts'
import { isObject } from '../model/json.ts'
import { Reference } from '../model/service-plan.ts'
import type { Node, Value } from './plan-value.ts'

/**
 * Alternatives as one plan, where no document could be read differently by them: scalars of several types, and objects
 * whose properties have nothing in common that differs. Which of them it was is then for the validator to say.
 */
export function mergeAlternatives(alternatives: readonly Value[]): Value | undefined {
  const [first, ...others] = alternatives
  if (first === undefined) return undefined
  if (others.every((other) => same(other, first))) return first
  return mergeScalars(alternatives) ?? mergeObjects(alternatives) ?? mergeList(alternatives)
}

/** One or many of the same: many, however many there are. */
function mergeList(alternatives: readonly Value[]): Value | undefined {
  const list = alternatives.find((value) => 'type' in value && value.type === 'array')
  if (list === undefined || !('items' in list) || list.items === undefined || alternatives.length !== 2)
    return undefined
  const { name: _name, also: _also, namespace: _namespace, prefix: _prefix, ...item } = list.items
  return alternatives.some((value) => value !== list && same(value, item)) ? list : undefined
}

const scalarTypes = new Set(['string', 'token', 'bytes', 'integer', 'int64', 'number', 'boolean', 'null'])

function mergeScalars(alternatives: readonly Value[]): Value | undefined {
  const types = new Set<XmlScalarType>()
  let nullable = false
  for (const value of alternatives) {
    const type = 'type' in value ? value.type : undefined
    const list = Array.isArray(type) ? (type as XmlScalarType[]) : [type as XmlScalarType]
    if (!list.every((one) => scalarTypes.has(one))) return undefined
    for (const one of list) if (one !== 'null') types.add(one)
    nullable ||= list.includes('null') || ('nullable' in value && value.nullable === true)
  }
  // Text that keeps its white space is the wider of the two.
  if (types.has('string')) for (const narrower of ['token', 'bytes'] as const) types.delete(narrower)
  const type = [...types]
  return { type: type.length === 1 ? type[0]! : type, ...(nullable ? { nullable: true } : {}) }
}

function mergeObjects(alternatives: readonly Value[]): Value | undefined {
  const properties = new Map<string, Node>()
  const names = new Map<string, string>()
  let required: readonly string[] | undefined
  let nullable = false
  let additional: Value | undefined
  for (const value of alternatives) {
    if (!('type' in value) || value.type !== 'object') return undefined
    nullable ||= value.nullable === true
    const own = value.required ?? []
    required = required === undefined ? own : required.filter((key) => own.includes(key))
    if (value.patterns !== undefined) return undefined
    if (value.additional !== undefined) {
      if (additional !== undefined && !same(additional, value.additional)) return undefined
      additional = value.additional
    }
    for (const [key, node] of Object.entries(value.properties)) {
      const known = properties.get(key)
      if (known !== undefined && !same(known, node)) return undefined
      properties.set(key, node)
      for (const name of namesOf(key, node)) {
        if ((names.get(name) ?? key) !== key) return undefined
        names.set(name, key)
      }
    }
  }
  // What one alternative has a place for, a map of another would take too.
  if (additional !== undefined) return undefined
  return {
    type: 'object',
    ...(nullable ? { nullable: true } : {}),
    ...(required === undefined || required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
  } as Value
}

/** What a node is found by, so that two keys do not claim one element. */
function namesOf(key: string, node: Node): string[] {
  const kind = node.node === undefined ? 'element' : node.node === 'attribute' ? 'attribute' : 'text'
  if (kind === 'text') return ['text']
  const names = [node.name ?? key, ...(node.also ?? [])]
  if ('type' in node && node.type === 'array' && node.items.name !== undefined) names.push(node.items.name)
  return names.map((name) => `${kind} ${name.slice(name.indexOf(':') + 1)}`)
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a instanceof Reference || b instanceof Reference) return false
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
