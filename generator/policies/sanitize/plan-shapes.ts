import type { Validator } from '../../../runtime/core/validator.ts'
import type {
  ItemShape,
  JsonShape,
  JsonShapes,
  jsonShapes,
  PatternShape,
  PropertyShape,
  ShapeAlternative,
  ShapeChoice,
  StructuredShape,
} from '../../../runtime/projection/shape.ts'
import { isObject } from '../../model/json.ts'
import { longestName } from '../../model/pattern/engine.ts'
import { patternKind } from '../../model/pattern.ts'
import type { Reference } from '../../model/service-plan.ts'
import type { SpecNode, SpecTree } from '../../model/spec-node.ts'
import { componentName } from '../component-name.ts'
import type { OperationScope } from '../define.ts'
import { heirsOf } from '../heirs.ts'
import { AskedPlanner } from './plan-asked.ts'
import { mayHoldMembers, saysSomething } from './says-something.ts'
import { isHidden, rolesFor } from './visibility.ts'

type V = Reference<Validator>
export type Shape = JsonShape<V>
type Property = PropertyShape<V>
type Alternative = ShapeAlternative<V>
type Choice = ShapeChoice<V>
type Structured = { -readonly [K in keyof StructuredShape<V>]: StructuredShape<V>[K] }

/**
 * The shapes of a document's component schemas: what each declares, referring to others by name, so that they grow with the
 * document and not faster. Those that operations reach are collected while the operations are planned.
 */
export class ShapePlanner {
  readonly #mode: 'pass' | 'strip'
  readonly #tree: SpecTree
  /** Without a prototype: a component may be called `__proto__`. */
  readonly #components: { [name: string]: Shape } = Object.create(null)
  readonly #asked = new AskedPlanner()
  readonly #pending = new Set<string>()
  readonly #told = new Set<unknown>()
  #reference: Reference<JsonShapes> | undefined

  /** @param mode where undeclared members pass, what alternatives accept does not matter */
  constructor(tree: SpecTree, mode: 'pass' | 'strip') {
    this.#tree = tree
    this.#mode = mode
  }

  /** The instance that holds them. */
  reference(scope: OperationScope): Reference<JsonShapes> {
    this.#reference ??= scope.instance<typeof jsonShapes>(this.#mode === 'pass' ? 'open shapes' : 'shapes', {
      module: 'projection/shape',
      export: 'jsonShapes',
      args: [this.#components as never, this.#asked.components as never],
      about: 'What the component schemas declare of JSON in answers.',
    })
    return this.#reference
  }

  /** The shape of a body or an item: who may see members is said of properties. */
  shape(node: SpecNode | undefined, scope: OperationScope): Shape {
    if (node !== undefined && rolesFor(node).length > 0 && this.#isNew(node)) {
      scope.report('option-invalid', node, {
        key: 'visibleTo',
        problem: 'is for properties; this schema is also a whole body or an item',
      })
    }
    return this.#shape(node, scope, false)
  }

  #isNew(node: SpecNode): boolean {
    if (this.#told.has(node.value)) return false
    this.#told.add(node.value)
    return true
  }

  #shape(node: SpecNode | undefined, scope: OperationScope, isBase: boolean): Shape {
    if (node === undefined || node.value === true) return 'any'
    if (!isObject(node.value)) return 'plain'
    const all = this.#others(node, scope, isBase)
    const own = this.#structure(node, scope)
    const choices = this.#choices(node, scope, all)
    if (choices.length > 0) own.choices = choices
    const said = all.filter((shape) => !this.#isAny(shape))
    if (Object.keys(own).length === 0) {
      const [only] = said
      if (only === undefined) return saysSomething(node) ? this.#bare(node, scope) : 'any'
      if (said.length === 1) return only
    }
    return said.length === 0 ? own : { all: said, ...own }
  }

  /** Schemas that hold as well. */
  #others(node: SpecNode, scope: OperationScope, isBase: boolean): Shape[] {
    const all: Shape[] = []
    for (const reference of [node.reference, node.at('$dynamicRef')?.string]) {
      const name = reference === undefined ? undefined : this.#component(reference, scope)
      if (name !== undefined) all.push(isBase ? { base: name } : { is: name })
    }
    for (const branch of node.at('allOf')?.items() ?? []) {
      const shape = this.#shape(branch, scope, true)
      if (shape !== 'plain') all.push(shape)
    }
    return all
  }

  #component(reference: string, scope: OperationScope): string | undefined {
    const name = componentName(reference)
    const target = this.#tree.target(reference)
    if (name === undefined || target === undefined) return undefined
    if (!Object.hasOwn(this.#components, name) && !this.#pending.has(name)) {
      this.#pending.add(name)
      const shape = this.#shape(target, scope, false)
      const heirs = this.#heirs(name, target, scope)
      this.#components[name] =
        heirs === undefined ? shape : { ...(isStructured(shape) ? shape : { all: [shape] }), heirs }
      this.#pending.delete(name)
    }
    return name
  }

  #structure(node: SpecNode, scope: OperationScope): Structured {
    const own: Structured = {}
    const properties = node.at('properties')?.entries() ?? []
    if (properties.length > 0) {
      own.properties = Object.fromEntries(properties.map(([name, one]) => [name, this.#property(one, scope)]))
    }
    const patterns = (node.at('patternProperties')?.entries() ?? []).flatMap(([pattern, one]): PatternShape<V>[] => {
      const kind = patternKind(pattern)
      if (kind !== 'unicode' && kind !== 'legacy') return []
      const flags = kind === 'unicode' ? 'u' : ''
      return [{ pattern, flags, ...longestName(pattern), value: this.#property(one, scope) }]
    })
    if (patterns.length > 0) own.patterns = patterns
    const additional = node.at('additionalProperties')
    if (additional !== undefined) own.additional = this.#rest(additional, scope)
    const unevaluated = node.at('unevaluatedProperties')
    if (unevaluated !== undefined && additional === undefined) own.unevaluated = this.#rest(unevaluated, scope)
    const names = node.at('propertyNames')
    const isOpen = (own.additional ?? own.unevaluated ?? false) !== false || own.patterns !== undefined
    if (names !== undefined && isOpen && this.#mode === 'strip')
      own.names = scope.validator(names, 'response', 'member name')
    const prefix = node.at('prefixItems')?.items() ?? []
    if (prefix.length > 0) own.prefix = prefix.map((one) => this.#item(one, scope))
    for (const key of ['items', 'unevaluatedItems'] as const) {
      const items = own.items === undefined ? node.at(key) : undefined
      if (items !== undefined) own[key] = items.value === false ? false : this.#item(items, scope)
    }
    return own
  }

  #rest(node: SpecNode, scope: OperationScope): Property | false {
    return node.value === false ? false : this.#property(node, scope)
  }

  #item(node: SpecNode, scope: OperationScope): ItemShape<V> {
    return isHidden(node) ? 'hidden' : this.shape(node, scope)
  }

  #property(node: SpecNode, scope: OperationScope): Property {
    if (node.value === false || isHidden(node)) return 'hidden'
    const value = this.#shape(node, scope, false)
    const visibleTo = rolesFor(node)
    return visibleTo.length === 0 ? value : { visibleTo, value }
  }

  #choices(node: SpecNode, scope: OperationScope, all: Shape[]): Choice[] {
    const choices: Choice[] = []
    for (const keyword of ['oneOf', 'anyOf']) {
      const branches = node.at(keyword)?.items() ?? []
      const open = branches.filter((branch) => mayHoldMembers(branch))
      const shaped = open.map((branch) => ({ branch, shape: this.#shape(branch, scope, false) }))
      if (shaped.every(({ shape }) => shape === 'plain' || this.#isAny(shape))) continue
      const [only] = shaped
      // Where only one of them is no scalar, there is nothing to choose.
      if (shaped.length === 1 && only !== undefined) all.push(only.shape)
      // Branches that declare nothing count: where one of them accepts a value, the others need not.
      else choices.push(this.#choice(node, keyword, shaped, scope))
    }
    const condition = node.at('if')
    if (condition !== undefined) {
      const parts: readonly [SpecNode | undefined, 'when' | 'unless'][] = [
        [condition, 'when'],
        [node.at('then'), 'when'],
        [node.at('else'), 'unless'],
      ]
      const of = parts.flatMap(([part, test]): Alternative[] => {
        const value = part === undefined ? 'any' : this.#shape(part, scope, true)
        return value === 'any' || value === 'plain'
          ? []
          : [{ ...this.#test(condition, test, 'condition', scope), value }]
      })
      if (of.length > 0) choices.push({ optional: true, of })
    }
    const dependent = (node.at('dependentSchemas')?.entries() ?? []).flatMap(([has, one]): Alternative[] => {
      const value = this.#shape(one, scope, true)
      return value === 'any' || value === 'plain' ? [] : [{ has, value }]
    })
    if (dependent.length > 0) choices.push({ optional: true, of: dependent })
    return choices
  }

  #choice(
    node: SpecNode,
    keyword: string,
    shaped: readonly { readonly branch: SpecNode; readonly shape: Shape }[],
    scope: OperationScope,
  ): Choice {
    const discriminator = node.at('discriminator')
    const of = shaped.map(({ branch, shape }): Alternative => {
      const words = discriminator === undefined ? [] : wordsFor(componentName(branch.reference), discriminator)
      if (words.length > 0) return { words, value: shape }
      return { ...this.#test(branch, 'when', `${keyword} branch`, scope), value: shape }
    })
    return { ...byOf(discriminator), of }
  }

  #test(schema: SpecNode, key: 'when' | 'unless', hint: string, scope: OperationScope): Partial<Alternative> {
    if (this.#mode === 'pass') return {}
    const asked = this.#asked.alternative(schema, scope)
    const judged = { [key]: scope.validator(schema, 'response', hint) }
    return asked === undefined ? judged : { ...judged, asked }
  }

  /** Schemas that extend this one by `allOf`, where its discriminator tells them apart. */
  #heirs(name: string, node: SpecNode, scope: OperationScope): Choice | undefined {
    const discriminator = node.at('discriminator')
    if (discriminator === undefined || node.at('oneOf') !== undefined || node.at('anyOf') !== undefined)
      return undefined
    const of = heirsOf(this.#tree, name).flatMap(({ name: heir, reference }): Alternative[] => {
      this.#component(reference, scope)
      return [{ words: wordsFor(heir, discriminator), value: { base: heir } }]
    })
    return of.length === 0 ? undefined : { ...byOf(discriminator), of }
  }

  #isAny(shape: Shape): boolean {
    if (shape === 'any') return true
    const name =
      typeof shape === 'string' ? undefined : 'is' in shape ? shape.is : 'base' in shape ? shape.base : undefined
    return name !== undefined && this.#components[name] === 'any'
  }

  /** A schema that says something, but declares no member. */
  #bare(node: SpecNode, scope: OperationScope): Shape {
    const isObjectType = node.at('type')?.value === 'object' && node.at('additionalProperties') === undefined
    if (isObjectType && this.#mode === 'strip' && this.#isNew(node)) scope.report('response-undeclared', node, {})
    return 'plain'
  }
}

const planners = new WeakMap<SpecTree, Map<string, ShapePlanner>>()

/** The planner of a document: its operations share it. */
export function plannerFor(scope: OperationScope, mode: 'pass' | 'strip'): ShapePlanner {
  const { tree } = scope.contract.node
  const known = planners.get(tree) ?? new Map<string, ShapePlanner>()
  planners.set(tree, known)
  const planner = known.get(mode) ?? new ShapePlanner(tree, mode)
  known.set(mode, planner)
  return planner
}

function isStructured(shape: Shape): shape is StructuredShape<V> {
  return typeof shape === 'object' && !('is' in shape) && !('base' in shape)
}

function byOf(discriminator: SpecNode | undefined): Pick<Choice, 'by' | 'otherwise'> {
  const by = discriminator?.at('propertyName')?.string
  const other = discriminator?.at('defaultMapping')?.string
  const otherwise = other === undefined ? undefined : (componentName(other) ?? other)
  return { ...(by === undefined ? {} : { by }), ...(otherwise === undefined ? {} : { otherwise }) }
}

/** The words a discriminator has for a component: those mapped to it, and its name. */
function wordsFor(name: string | undefined, discriminator: SpecNode): string[] {
  if (name === undefined) return []
  const mapped = (discriminator.at('mapping')?.entries() ?? []).flatMap(([word, { string: target }]) =>
    target === name || componentName(target) === name ? [word] : [],
  )
  return [...new Set([...mapped, name])]
}
