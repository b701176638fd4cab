import type { XmlAlternative, XmlChoice, XmlShape } from '../../runtime/xml/shape.ts'
import { pointerToken } from '../model/place.ts'
import type { Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { componentsOf } from './components.ts'
import { mergeAlternatives } from './merge-alternatives.ts'
import { placeOf, placesOfAlternatives } from './place-of.ts'
import { type Planning, planOpened, planPlain, planValue, type Value } from './plan-value.ts'
import { componentName, isNull, SchemaView, soleComponent } from './schema-view.ts'

/** Values that may have one of several schemas: `oneOf`, `anyOf`, and bases that stand for what extends them. */

/** A value that must have one of several schemas; a schema may ask for that more than once. */
export interface Choosing {
  readonly branches: readonly SpecNode[]
  readonly settled: Settled
}

/** The keywords that have been decided, each with the number of its branches: what is beside them holds in every branch. */
export type Settled = ReadonlyMap<unknown, number>

export const unsettled: Settled = new Map()

/** Branches of one choice times those of others at the same place: more plans than that are of no use. */
const mostCombined = 200

/** The next `oneOf` or `anyOf` that tells how the value is written; those that only ask for members do not. */
export function nextChoice(view: SchemaView, settled: Settled): Choosing | undefined {
  const [group] = openChoices(view, settled)
  if (group === undefined) return undefined
  const branches = group.items()
  const combined = [...settled.values()].reduce((product, count) => product * count, branches.length)
  if (settled.size > 0 && combined > mostCombined) return undefined
  return { branches, settled: new Map([...settled, [group.value, branches.length]]) }
}

function openChoices(view: SchemaView, settled: Settled): SpecNode[] {
  return [...view.all('oneOf'), ...view.all('anyOf')].filter(
    (group) => !settled.has(group.value) && group.items().some(tells),
  )
}

/** A plan of schemas whose choices are too many to be told apart: nothing that they declare is lost, and nothing must be there. */
export function planUndecided(
  view: SchemaView,
  nodes: readonly SpecNode[],
  settled: Settled,
  planning: Planning,
): Value {
  const rest = openChoices(view, settled).flatMap((group) => group.items())
  if (rest.length === 0) return planPlain(view, planning)
  const wide = planPlain(new SchemaView([...nodes, ...rest.filter((branch) => !isNull(branch))]), planning)
  return 'required' in wide ? { ...wide, required: [] } : wide
}

function tells(branch: SpecNode): boolean {
  return branch.reference !== undefined || new SchemaView([branch]).says(...contents, 'type', 'oneOf', 'anyOf')
}

export function planAlternatives(
  view: SchemaView,
  nodes: readonly SpecNode[],
  { branches, settled }: Choosing,
  planning: Planning,
): Value {
  const real = branches.filter((branch) => !isNull(branch))
  const nullable = real.length < branches.length ? ({ nullable: true } as const) : {}
  const beside = holdsBeside(view, settled) ? nodes : []
  const alternatives = real.map((branch): Alternative => {
    const all = [...beside, branch]
    return {
      nodes: all,
      branch,
      settled,
      value: () => (beside.length === 0 ? planValue(all, planning) : planOpened(all, planning, settled)),
    }
  })
  const [only] = alternatives
  if (only === undefined) return { type: 'null' }
  const value = alternatives.length === 1 ? only.value() : choose(view, alternatives, planning)
  return { ...value, ...nullable } as Value
}

/** One of several schemas a value may have. */
interface Alternative {
  /** All that hold then. */
  readonly nodes: readonly SpecNode[]
  /** The one that is listed. */
  readonly branch: SpecNode
  readonly settled: Settled
  /** Its plan as it is written where it is used. */
  value(): Value
}

const contents = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
  'enum',
  'const',
  'format',
]

/** Whether the schemas say more than their alternatives do. */
function holdsBeside(view: SchemaView, settled: Settled): boolean {
  const isScalar = view.all('type').some(({ value }) => value !== 'object')
  return isScalar || view.says(...contents) || openChoices(view, settled).length > 0
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
      nodes: [referTo(own!, heir)],
      branch: referTo(own!, heir),
      settled: unsettled,
      value: () => planning.shapes.use(heir, planning.circle),
    }),
  )
  const itself = { nodes: [own!], branch: own!, settled: unsettled, value: () => base }
  return choose(view, [itself, ...alternatives], planning)
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

/** @param component one that the tree has */
function referTo(node: SpecNode, component: string): SpecNode {
  return node.tree.target(`#/components/schemas/${pointerToken(component)}`)!
}

/** Whether a schema is of values without members. */
function isPlain(branch: SpecNode): boolean {
  const type = branch.resolve().at('type')?.value
  return typeof type === 'string' && type !== 'object' && type !== 'array'
}

function choose(view: SchemaView, alternatives: readonly Alternative[], planning: Planning): Value {
  const isTold = planning.isMerging === true && !alternatives.every(({ branch }) => isPlain(branch))
  const inner = { ...planning, isMerging: true }
  const plans = isTold ? [undefined] : alternatives.map(({ nodes, settled }) => planOnce(nodes, settled, inner))
  const merged = plans.every((plan) => plan !== undefined) ? mergeAlternatives(plans) : undefined
  const names = placesOfAlternatives(alternatives.map(({ branch }) => branch))
  if (merged !== undefined && names === undefined) return merged
  const discriminator = view.all('discriminator')[0]
  const by = discriminator?.at('propertyName')?.string ?? findTeller(alternatives)
  const of = alternatives.map(({ branch, value }, i): XmlAlternative<Reference<XmlShape>> => {
    const words = wordsFor(branch, discriminator, by)
    const called = names?.[i]
    return { ...(words.length === 0 ? {} : { is: words }), ...(called && { called }), value: value() }
  })
  const places = alternatives.flatMap(({ nodes }) =>
    by === undefined ? [] : (new SchemaView(nodes).properties().get(by) ?? []),
  )
  const found = by === undefined ? undefined : { name: by, ...placeOf(by, new SchemaView(places)) }
  const place = found === undefined || by === found.name ? found : { ...found, key: by! }
  const otherwise = merged === undefined ? {} : { otherwise: merged }
  return { type: 'oneOf', ...(place === undefined ? {} : { by: place }), of, ...otherwise } satisfies XmlChoice<
    Reference<XmlShape>
  >
}

/** The plan of everything that may stand there as one; undefined where it must be told apart. */
function planOnce(nodes: readonly SpecNode[], settled: Settled, planning: Planning): Value | undefined {
  const view = new SchemaView(nodes)
  const name = nodes.length === 1 ? soleComponent(nodes) : undefined
  const isOpen = [...view.all('oneOf'), ...view.all('anyOf')].some(({ value }) => settled.has(value))
  const plan = (): Value | undefined => planView(view, nodes, settled, planning)
  return name === undefined || isOpen ? plan() : planning.shapes.once(name, planning.circle, plan)
}

function planView(
  view: SchemaView,
  nodes: readonly SpecNode[],
  settled: Settled,
  planning: Planning,
): Value | undefined {
  const choice = nextChoice(view, settled)
  if (choice === undefined) return openChoices(view, settled).length === 0 ? planPlain(view, planning) : undefined
  const beside = holdsBeside(view, choice.settled) ? nodes : []
  const real = choice.branches.filter((branch) => !isNull(branch))
  const plans = real.map((branch) => planOnce([...beside, branch], choice.settled, planning))
  const merged = plans.every((plan) => plan !== undefined) ? mergeAlternatives(plans) : undefined
  return merged && real.length < choice.branches.length ? ({ ...merged, nullable: true } as Value) : merged
}

/** The words a discriminator or `xsi:type` has for a schema: the mapped ones, its own name, and what it says itself. */
function wordsFor(branch: SpecNode, discriminator: SpecNode | undefined, by: string | undefined): string[] {
  const own = by === undefined ? [] : valuesOf(branch, by)
  const name = nameOf(branch.resolve())
  if (name === undefined) return own
  const mapping = discriminator?.at('mapping')?.entries() ?? []
  const mapped = mapping.filter(([, { string }]) => string === name || componentName(string) === name)
  return [...new Set([...mapped.map(([word]) => word), name, ...own])]
}

/** Where no discriminator is declared: a member that must be there and has values of its own in every alternative. */
function findTeller(alternatives: readonly Alternative[]): string | undefined {
  const branches = alternatives.map(({ branch }) => branch)
  const views = branches.map((branch) => new SchemaView([branch]))
  return [...views[0]!.required()].find((key) => {
    if (!views.every((view) => view.required().has(key))) return false
    const values = branches.map((branch) => valuesOf(branch, key))
    return values.every(({ length }) => length > 0) && new Set(values.flat()).size === values.flat().length
  })
}

/** The texts a member of a schema may be, where they are listed. */
function valuesOf(schema: SpecNode, key: string): string[] {
  const member = new SchemaView(new SchemaView([schema]).properties().get(key) ?? [])
  const values = [member.first('const') ?? member.first('enum') ?? []].flat()
  return values.every((value) => typeof value === 'string') ? values : []
}
