import type {
  XmlNode,
  XmlObject,
  XmlPattern,
  XmlScalarType,
  XmlShape,
  XmlTuple,
  XmlValue,
} from '../../runtime/xml/shape.ts'
import { isObject } from '../model/json.ts'
import { isQuickForNames } from '../model/pattern/engine.ts'
import { patternKind } from '../model/pattern.ts'
import type { Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { isBareTuple, isNone } from './is-none.ts'
import { mergeAlternatives } from './merge-alternatives.ts'
import { placeOf } from './place-of.ts'
import {
  heirsOf,
  nextChoice,
  planAlternatives,
  planHeirs,
  planUndecided,
  type Settled,
  unsettled,
} from './plan-alternatives.ts'
import { SchemaView, soleComponent } from './schema-view.ts'

/** The plan of a value. Plain data; component schemas that are emitted by themselves are references. */
export type Value = XmlValue<Reference<XmlShape>>
export type Node = XmlNode<Reference<XmlShape>>

/** Where component schemas are planned once and shared. */
export interface Shapes {
  /** The component as it is to be written where it is used: in place if it is small, else a reference. */
  use(name: string, circle: readonly string[]): Value
  reference(name: string): Reference<XmlShape>
  /** What `plan` makes of a component where alternatives are looked at as one: it is the same for all that list it. */
  once(name: string, circle: readonly string[], plan: () => Value | undefined): Value | undefined
}

/** What holds while one component or response schema is planned. */
export interface Planning {
  readonly shapes: Shapes
  /** The components that are planned together with this one since they refer to each other. */
  readonly circle: readonly string[]
  /** Whether alternatives are being looked at as one: those within them are told apart, else each level would look at all below it. */
  readonly isMerging?: boolean
}

/** Formats whose white space does not count. */
const tokens = new Set(
  'date date-time time duration uuid uri uri-reference iri iri-reference email idn-email hostname idn-hostname ipv4 ipv6'.split(
    ' ',
  ),
)

/** The plan of a value that has to meet all of these schemas. */
export function planValue(nodes: readonly SpecNode[], planning: Planning): Value {
  const component = soleComponent(nodes)
  if (component !== undefined) return planning.shapes.use(component, planning.circle)
  return planOpened(nodes, planning)
}

/**
 * The same, with a component that is named in place looked into.
 * @param settled the `oneOf` and `anyOf` whose branch is among the schemas already
 */
export function planOpened(nodes: readonly SpecNode[], planning: Planning, settled: Settled = unsettled): Value {
  const view = new SchemaView(nodes)
  const heirs = heirsOf(nodes)
  if (heirs.length > 0) return planHeirs(view, nodes, heirs, planning)
  const choice = nextChoice(view, settled)
  if (choice === undefined) return planUndecided(view, nodes, settled, planning)
  return planAlternatives(view, nodes, choice, planning)
}

/** The plan of schemas without alternatives. */
export function planPlain(view: SchemaView, planning: Planning): Value {
  const types = typesOf(view)
  const nullable = types.delete('null') && listsNull(view) ? ({ nullable: true } as const) : {}
  if (types.has('object') && types.size === 1) return { ...planObject(view, planning), ...nullable }
  if (types.has('array') && types.size === 1) {
    const items = view.all('items')
    const places = view.all('prefixItems')[0]
    if (places !== undefined) return { ...planTuple(places.items(), items, planning), ...nullable }
    const wrapped = view.xml('wrapped') === true || view.xml('nodeType') === 'element'
    return {
      type: 'array',
      ...nullable,
      ...(wrapped ? { wrapped: true } : {}),
      items: items.length === 0 ? { type: 'any' } : planItem(items, planning),
    }
  }
  if (types.has('object') || types.has('array')) return { type: 'any' }
  const scalars = [...types].map((type) => scalarType(type, view))
  if (scalars.length === 0) return 'nullable' in nullable ? { type: 'null' } : { type: 'any' }
  return { type: scalars.length === 1 ? scalars[0]! : scalars, ...nullable }
}

/** A type admits null only where the listed values do. */
function listsNull(view: SchemaView): boolean {
  return (
    view.all('enum').every(({ value }) => (value as unknown[]).includes(null)) &&
    view.all('const').every(({ value }) => value === null)
  )
}

type SchemaType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'object' | 'array'

function typesOf(view: SchemaView): Set<SchemaType> {
  const declared = view
    .all('type')
    .map(({ value }) => new Set((Array.isArray(value) ? value : [value]) as SchemaType[]))
  const [first, ...others] = declared
  if (first !== undefined) {
    let types = first
    for (const other of others) {
      const both = new Set([...types].filter((type) => other.has(type) || (type === 'integer' && other.has('number'))))
      if (types.has('number') && other.has('integer')) both.add('integer')
      types = both
    }
    return types
  }
  const values = [
    ...view.all('const').map(({ value }) => value),
    ...view.all('enum').flatMap(({ value }) => value as unknown[]),
  ]
  if (values.length > 0) return new Set(values.map(typeOfValue))
  const has = (...keywords: string[]): boolean => keywords.some((keyword) => view.first(keyword) !== undefined)
  if (has('properties', 'additionalProperties', 'patternProperties', 'required')) return new Set(['object'])
  if (has('items', 'prefixItems', 'minItems', 'maxItems')) return new Set(['array'])
  if (has('pattern', 'minLength', 'maxLength', 'format', 'contentEncoding')) return new Set(['string'])
  if (has('minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum')) return new Set(['number'])
  return new Set()
}

function typeOfValue(value: unknown): SchemaType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as 'string' | 'boolean' | 'object'
}

function scalarType(type: SchemaType, view: SchemaView): XmlScalarType {
  const format = view.first('format')
  if (type === 'integer') return format === 'int64' || format === 'uint64' ? 'int64' : 'integer'
  if (type !== 'string') return type as XmlScalarType
  if (format === 'byte' || /^base64/.test(String(view.first('contentEncoding')))) return 'bytes'
  if (typeof format === 'string' && tokens.has(format)) return 'token'
  const values = [
    ...view.all('enum').flatMap(({ value }) => value as unknown[]),
    ...view.all('const').map(({ value }) => value),
  ]
  const collapsed = (value: unknown): boolean => typeof value !== 'string' || /^(?:\S+(?: \S+)*)?$/.test(value)
  return values.length > 0 && values.every(collapsed) ? 'token' : 'string'
}

function planObject(
  view: SchemaView,
  planning: Planning,
): XmlObject<Reference<XmlShape>> | { readonly type: 'any'; readonly object: true } {
  const conditional = view.conditional()
  const properties = new Map([...view.properties(), ...conditional])
  const additional = view.all('additionalProperties').find(({ value }) => isObject(value) || value === true)
  const closed = view.all('additionalProperties').some(({ value }) => value === false)
  const patterns = planPatterns(view, planning)
  const open = properties.size === 0 && view.all('properties').length === 0 && additional === undefined && !closed
  if (open && patterns.length === 0) return { type: 'any', object: true }
  const required = [...view.required()].filter((key) => properties.has(key))
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(
      [...properties].map(([key, nodes]) => [
        key,
        conditional.has(key) ? planConditional(key, nodes, planning) : planProperty(key, nodes, planning),
      ]),
    ),
    ...(additional === undefined ? {} : { additional: planValue([additional], planning) }),
    ...(open ? { additional: { type: 'any' } as const } : {}),
    ...(patterns.length === 0 ? {} : { patterns }),
  }
}

/** Names of an upstream's or a caller's are matched with them: what could take for ever, or means something else here, is left out. */
function planPatterns(view: SchemaView, planning: Planning): XmlPattern<Reference<XmlShape>>[] {
  return view
    .all('patternProperties')
    .flatMap((node) => node.entries())
    .filter(([pattern]) => ['unicode', 'legacy'].includes(patternKind(pattern)) && isQuickForNames(pattern))
    .map(([pattern, schema]) => ({ pattern, value: planValue([schema], planning) }))
}

function planTuple(
  places: readonly SpecNode[],
  items: readonly SpecNode[],
  planning: Planning,
): XmlTuple<Reference<XmlShape>> {
  const rest = items.filter(({ value }) => value !== false)
  return {
    type: 'tuple',
    places: places.map((node) => {
      const kind = placeOf('', new SchemaView([node])).node
      return { ...planItem([node], planning), ...(kind === undefined ? {} : { node: kind }) } as Node
    }),
    ...(rest.length === 0 ? {} : { items: planItem(rest, planning) }),
  }
}

function planProperty(key: string, nodes: readonly SpecNode[], planning: Planning): Node {
  const view = new SchemaView(nodes)
  const place = placeOf(key, view)
  const value = planValue(nodes, planning)
  const isFlat = 'type' in value && value.type === 'tuple' ? isBareTuple(value, nodes) : isNone(nodes)
  const isArray = 'type' in value && value.type === 'array'
  if (isFlat && !isArray) return { node: 'none', ...value } as Node
  const { name, ...unnamed } = place
  const isPlainList = 'type' in value && value.type === 'array' && value.wrapped !== true
  if (name === undefined || !isPlainList || place.node !== undefined) return { ...place, ...value } as Node
  // The name of an array without a wrapper names nothing (OpenAPI 3.2 §4.26.2); documents that mean its items are read.
  return { ...unnamed, also: [name, ...(place.also ?? [])], ...value } as Node
}

/** A property that has one schema or another. */
function planConditional(key: string, nodes: readonly SpecNode[], planning: Planning): Node {
  if (nodes.length === 1) return planProperty(key, nodes, planning)
  const values = nodes.map((node) => planValue([node], planning))
  const value = mergeAlternatives(values) ?? { type: 'oneOf', of: values.map((one) => ({ value: one })) }
  return { ...placeOf(key, new SchemaView(nodes)), ...value } as Node
}

function planItem(nodes: readonly SpecNode[], planning: Planning): Node {
  const { name, also, namespace, prefix } = placeOf('', new SchemaView(nodes))
  // Items without a name of their own are found by what stands there, not by a name.
  const identity = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(prefix === undefined ? {} : { prefix }),
  }
  const named = name === undefined || name === '' ? {} : { name, ...identity }
  const value = planValue(nodes, planning)
  const isList = 'type' in value && (value.type === 'array' || value.type === 'tuple')
  const flat = !isList && isNone(nodes) ? ({ node: 'none' } as const) : {}
  return { ...named, ...(also === undefined ? {} : { also }), ...flat, ...value } as Node
}
