import type {
  XmlAlternative,
  XmlChoice,
  XmlNode,
  XmlObject,
  XmlPlace,
  XmlScalarType,
  XmlShape,
  XmlTuple,
  XmlValue,
} from '../../../runtime/xml/shape.ts'
import { isObject } from '../../model/json.ts'
import { pointerToken } from '../../model/place.ts'
import type { Reference } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { componentsOf } from './components.ts'
import { mergeAlternatives } from './merge-alternatives.ts'
import { componentName, SchemaView, soleComponent } from './schema-view.ts'

/** The plan of a value. Plain data; component schemas that are emitted by themselves are references. */
export type Value = XmlValue<Reference<XmlShape>>
export type Node = XmlNode<Reference<XmlShape>>

/** Where component schemas are planned once and shared. */
export interface Shapes {
  /** The component as it is to be written where it is used: in place if it is small, else a reference. */
  use(name: string, circle: readonly string[]): Value
  reference(name: string): Reference<XmlShape>
}

/** What holds while one component or response schema is planned. */
export interface Planning {
  readonly shapes: Shapes
  /** The components that are planned together with this one since they refer to each other. */
  readonly circle: readonly string[]
}

/** Formats whose white space does not count. */
const tokens = new Set(
  'date date-time time duration uuid uri uri-reference iri iri-reference email idn-email hostname idn-hostname ipv4 ipv6 byte'.split(
    ' ',
  ),
)

/** The plan of a value that has to meet all of these schemas. */
export function planValue(nodes: readonly SpecNode[], planning: Planning): Value {
  const component = soleComponent(nodes)
  if (component !== undefined) return planning.shapes.use(component, planning.circle)
  return planOpened(nodes, planning)
}

/** The same, with a component that is named in place looked into. */
export function planOpened(nodes: readonly SpecNode[], planning: Planning): Value {
  const view = new SchemaView(nodes)
  const heirs = heirsOf(nodes)
  if (heirs.length > 0) return planHeirs(view, nodes, heirs, planning)
  const alternatives = [...view.all('oneOf'), ...view.all('anyOf')].map((node) => node.items())
  const several = alternatives.find((branches) => branches.length > 0)
  return several === undefined ? planPlain(view, planning) : planAlternatives(view, nodes, several, planning)
}

function planPlain(view: SchemaView, planning: Planning): Value {
  const types = typesOf(view)
  const nullable = types.delete('null') ? ({ nullable: true } as const) : {}
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
  const properties = view.properties()
  const additional = view.all('additionalProperties').find(({ value }) => isObject(value))
  const closed = view.all('additionalProperties').some(({ value }) => value === false)
  const open = view.all('properties').length === 0 && additional === undefined && !closed
  if (open) return { type: 'any', object: true }
  const required = [...view.required()].filter((key) => properties.has(key))
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries([...properties].map(([key, nodes]) => [key, planProperty(key, nodes, planning)])),
    ...(additional === undefined ? {} : { additional: planValue([additional], planning) }),
  }
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
  return { ...placeOf(key, view), ...planValue(nodes, planning) } as Node
}

function planItem(nodes: readonly SpecNode[], planning: Planning): Node {
  const { name, also, namespace } = placeOf('', new SchemaView(nodes))
  // Items without a name of their own are found by what stands there, not by a name.
  const named = name === undefined || name === '' ? {} : { name, ...(namespace === undefined ? {} : { namespace }) }
  return { ...named, ...(also === undefined ? {} : { also }), ...planValue(nodes, planning) } as Node
}

/** Where a property stands. `xml.name` of a schema that is only referred to does not rename the property. */
function placeOf(key: string, view: SchemaView): XmlPlace {
  const { name, namespace, prefix } = view.identity(true)
  const also = [view.identity(false).name].flatMap((other) =>
    other === undefined || other === (name ?? key) ? [] : [other],
  )
  const type = view.xml('nodeType')
  // What belongs to XML Schema's instance namespace is an attribute, whatever a document says of it.
  const node =
    view.xml('attribute', true) === true || type === 'attribute' || (name ?? '').startsWith('xsi:')
      ? 'attribute'
      : type === 'text' || type === 'cdata'
        ? type
        : undefined
  const own = name ?? (namespace === undefined && prefix === undefined ? undefined : key)
  const qualified = own !== undefined && prefix !== undefined && namespace === undefined ? `${prefix}:${own}` : own
  // The names of the convention for what has no schema work in a schema too: no element can be called so.
  if (node === undefined && name === undefined && key === '#text') return { node: 'text' }
  if (node === undefined && name === undefined && key.startsWith('@')) return { name: key.slice(1), node: 'attribute' }
  return {
    ...(qualified === undefined || (qualified === key && namespace === undefined) ? {} : { name: qualified }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(also.length === 0 || node !== undefined ? {} : { also }),
    ...(node === undefined ? {} : { node }),
  }
}

function planAlternatives(
  view: SchemaView,
  nodes: readonly SpecNode[],
  branches: readonly SpecNode[],
  planning: Planning,
): Value {
  const real = branches.filter((branch) => !isNull(branch))
  const nullable = real.length < branches.length ? ({ nullable: true } as const) : {}
  const bases = withoutAlternatives(nodes)
  const alternatives = real.map((branch): Alternative => {
    const all = [...bases, branch]
    return { nodes: all, value: () => planValue(all, planning) }
  })
  const [only] = alternatives
  if (only === undefined) return { type: 'null' }
  const value = alternatives.length === 1 ? only.value() : choose(view, alternatives, planning)
  return { ...value, ...nullable } as Value
}

/** One of several schemas a value may have. */
interface Alternative {
  readonly nodes: readonly SpecNode[]
  /** Its plan as it is written where it is used. */
  value(): Value
}

/** The schemas that hold beside the alternatives, if they say anything. */
function withoutAlternatives(nodes: readonly SpecNode[]): SpecNode[] {
  return new SchemaView(nodes).parts
    .filter(({ node }) => node.at('oneOf') === undefined && node.at('anyOf') === undefined)
    .filter(({ node }) => node.at('type') !== undefined || node.at('properties') !== undefined)
    .map(({ node }) => node)
}

function isNull(node: SpecNode): boolean {
  const { value } = node.resolve()
  return isObject(value) && (value['type'] === 'null' || value['const'] === null)
}

function planHeirs(view: SchemaView, nodes: readonly SpecNode[], heirs: readonly string[], planning: Planning): Value {
  const base = planPlain(view, planning)
  const [own] = nodes
  const alternatives = heirs.map(
    (heir): Alternative => ({
      nodes: referTo(own!, heir),
      value: () => planning.shapes.use(heir, planning.circle),
    }),
  )
  return choose(view, [{ nodes: [own!], value: () => base }, ...alternatives], planning)
}

/** Schemas that extend this one by `allOf`, where it has a discriminator to tell them by. */
function heirsOf(nodes: readonly SpecNode[]): readonly string[] {
  const [own] = nodes
  if (own?.at('discriminator') === undefined || own.at('oneOf') !== undefined || own.at('anyOf') !== undefined)
    return []
  const name = nameOf(own)
  return name === undefined ? [] : componentsOf(own.tree).heirs(name)
}

/** The component that a schema is, by identity. */
function nameOf(node: SpecNode): string | undefined {
  return componentsOf(node.tree).nameOf(node.value)
}

function referTo(node: SpecNode, component: string): SpecNode[] {
  const target = node.tree.target(`#/components/schemas/${pointerToken(component)}`)
  return target === undefined ? [] : [target]
}

function choose(view: SchemaView, alternatives: readonly Alternative[], planning: Planning): Value {
  const merged = mergeAlternatives(alternatives.map(({ nodes }) => planOnce(nodes, planning)))
  if (merged !== undefined) return merged
  const discriminator = view.all('discriminator')[0]
  const by = discriminator?.at('propertyName')?.string
  const of = alternatives.map(({ nodes, value }): XmlAlternative<Reference<XmlShape>> => {
    const words = wordsFor(nodes, discriminator)
    return { ...(words.length === 0 ? {} : { is: words }), value: value() }
  })
  const places = alternatives.flatMap(({ nodes }) =>
    by === undefined ? [] : (new SchemaView(nodes).properties().get(by) ?? []),
  )
  const place = by === undefined ? undefined : { name: by, ...placeOf(by, new SchemaView(places)) }
  return { type: 'oneOf', ...(place === undefined ? {} : { by: place }), of } satisfies XmlChoice<Reference<XmlShape>>
}

/** Without looking for alternatives in what is itself one of them: a component may be its own alternative. */
function planOnce(nodes: readonly SpecNode[], planning: Planning): Value {
  const view = new SchemaView(nodes)
  const nested = view.parts.some(({ node }) => node.at('oneOf') !== undefined || node.at('anyOf') !== undefined)
  return nested ? { type: 'any' } : planPlain(view, planning)
}

/** The words a discriminator or `xsi:type` has for a schema. */
function wordsFor(nodes: readonly SpecNode[], discriminator: SpecNode | undefined): string[] {
  const words = new Set<string>()
  for (const node of nodes) {
    const name = nameOf(node.resolve())
    if (name === undefined) continue
    for (const [word, named] of discriminator?.at('mapping')?.entries() ?? []) {
      if (named.string === name || componentName(named.string) === name) words.add(word)
    }
    words.add(name)
  }
  return [...words]
}
