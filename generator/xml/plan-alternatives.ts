import type { XmlAlternative, XmlChoice, XmlShape } from '../../runtime/xml/shape.ts'
import { isObject } from '../model/json.ts'
import { pointerToken } from '../model/place.ts'
import type { Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { componentsOf } from './components.ts'
import { mergeAlternatives } from './merge-alternatives.ts'
import { placeOf } from './place-of.ts'
import { type Planning, planPlain, planValue, type Value } from './plan-value.ts'
import { componentName, SchemaView } from './schema-view.ts'

/** Values that may have one of several schemas: `oneOf`, `anyOf`, and bases that stand for what extends them. */

export function planAlternatives(
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

export function planHeirs(
  view: SchemaView,
  nodes: readonly SpecNode[],
  heirs: readonly string[],
  planning: Planning,
): Value {
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
export function heirsOf(nodes: readonly SpecNode[]): readonly string[] {
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
  const found = by === undefined ? undefined : { name: by, ...placeOf(by, new SchemaView(places)) }
  const place = found === undefined || by === found.name ? found : { ...found, key: by! }
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
