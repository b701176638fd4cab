import type { XmlShape, xmlShape, xmlShapeOf, xmlShapes } from '../../runtime/xml/shape.ts'
import { isObject } from '../model/json.ts'
import { Reference } from '../model/service-plan.ts'
import type { SpecNode, SpecTree } from '../model/spec-node.ts'
import type { OperationScope, Scope } from '../policies/define.ts'
import { componentsOf } from './components.ts'
import { planOpened, type Shapes, type Value } from './plan-value.ts'

/** Properties up to which a component schema is written where it is used. */
const small = 12

/** Component schemas, planned once per document and shared by name, so that plans grow with the document and not faster. */
export class SharedShapes implements Shapes {
  readonly #scope: Scope
  readonly #tree: SpecTree
  readonly #values = new Map<string, Value>()
  readonly #references = new Map<string, Reference<XmlShape>>()
  readonly #planned = new Map<Reference<XmlShape>, Value>()
  readonly #once = new Map<string, Value | undefined>()
  readonly #readable = new WeakSet<object>()
  readonly #writable = new WeakSet<object>()

  constructor(scope: Scope, tree: SpecTree) {
    this.#scope = scope
    this.#tree = tree
  }

  use(name: string, circle: readonly string[]): Value {
    if (circle.includes(name)) return { recurse: name }
    if (componentsOf(this.#tree).circle(name).length > 0) return { shape: this.reference(name) }
    const value = this.#value(name)
    return weight(value) <= small ? value : { shape: this.reference(name) }
  }

  reference(name: string): Reference<XmlShape> {
    let reference = this.#references.get(name)
    if (reference === undefined) this.#references.set(name, (reference = this.#make(name)))
    return reference
  }

  once(name: string, circle: readonly string[], plan: () => Value | undefined): Value | undefined {
    // No component is in two circles: its first tells which one it is.
    const key = `${circle[0] ?? ''} ${name}`
    if (!this.#once.has(key)) this.#once.set(key, plan())
    return this.#once.get(key)
  }

  /** The plan behind a reference. */
  planOf(reference: Reference<XmlShape>): Value | undefined {
    return this.#planned.get(reference)
  }

  /** What has been found sound with everything in it, by those who read and those who write: other operations need not look again. */
  sound(reads: boolean): WeakSet<object> {
    return reads ? this.#readable : this.#writable
  }

  #keep(reference: Reference<XmlShape>, value: Value): Reference<XmlShape> {
    this.#planned.set(reference, value)
    return reference
  }

  #make(name: string): Reference<XmlShape> {
    const circle = componentsOf(this.#tree).circle(name)
    if (circle.length < 2) {
      const value = circle.length === 0 ? this.#value(name) : this.#plan(name, circle)
      const reference = this.#scope.instance<typeof xmlShape>(`${name} xml`, {
        module: 'xml/shape',
        export: 'xmlShape',
        args: [name, value],
        about: `Where the XML of ${name} has what.`,
      })
      return this.#keep(reference, value)
    }
    const values = Object.fromEntries(circle.map((member) => [member, this.#plan(member, circle)]))
    const group = this.#scope.instance<typeof xmlShapes>(`${circle[0]!} xml circle`, {
      module: 'xml/shape',
      export: 'xmlShapes',
      args: [values],
      about: `Where the XML of ${circle.join(', ')} has what; they refer to each other.`,
    })
    const reference = this.#scope.instance<typeof xmlShapeOf>(`${name} xml`, {
      module: 'xml/shape',
      export: 'xmlShapeOf',
      args: [group, name],
      about: `Where the XML of ${name} has what.`,
    })
    // Those of the circle hold each other by name: whoever looks at one looks at all.
    return this.#keep(reference, values as unknown as Value)
  }

  #value(name: string): Value {
    let value = this.#values.get(name)
    if (value === undefined) this.#values.set(name, (value = this.#plan(name, [])))
    return value
  }

  #plan(name: string, circle: readonly string[]): Value {
    const schema: SpecNode | undefined = this.#tree.root.path('components', 'schemas')?.at(name)
    return schema === undefined ? { type: 'any' } : planOpened([schema], { shapes: this, circle })
  }
}

/** The plans of a document's component schemas: its operations share them. */
export function sharedShapes(scope: OperationScope): SharedShapes {
  const { tree } = scope.contract.node
  let shapes = byTree.get(tree)
  if (shapes === undefined) byTree.set(tree, (shapes = new SharedShapes(scope, tree)))
  return shapes
}

const byTree = new WeakMap<SpecTree, SharedShapes>()

/** How many properties, items and alternatives a plan writes out. */
function weight(value: unknown): number {
  if (!isObject(value) || value instanceof Reference) return 0
  let sum = 0
  for (const [key, member] of Object.entries(value)) {
    if (key === 'properties' && isObject(member)) {
      for (const node of Object.values(member)) sum += 1 + weight(node)
    } else if (key === 'of' && Array.isArray(member)) {
      for (const alternative of member) sum += 1 + weight((alternative as { value: unknown }).value)
    } else if (key === 'patterns' && Array.isArray(member)) {
      for (const one of member) sum += 1 + weight((one as { value: unknown }).value)
    } else if (key === 'items' || key === 'additional' || key === 'otherwise') sum += weight(member)
  }
  return sum
}
