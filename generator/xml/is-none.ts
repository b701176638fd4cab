import type { XmlShape, XmlTuple } from '../../runtime/xml/shape.ts'
import type { Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { SchemaView } from './schema-view.ts'

/**
 * Whether the schema, or the one it refers to, says that it has no node (OpenAPI 3.2 §4.26.1). A branch of `allOf` that says
 * so speaks of itself: the schema it is part of may well have one.
 */
export function isNone(nodes: readonly SpecNode[]): boolean {
  const seen = new Set<unknown>()
  const pending = [...nodes]
  for (let node = pending.shift(); node !== undefined; node = pending.shift()) {
    if (seen.has(node.value)) continue
    seen.add(node.value)
    const type = node.path('xml', 'nodeType')?.value
    if (type !== undefined) return type === 'none'
    const target = node.reference === undefined ? undefined : node.tree.target(node.reference)
    if (target !== undefined) pending.unshift(target)
  }
  return false
}

/** Arrays have no element unless they ask for one; where the items are unlike each other, their names have to tell. */
export function isBareTuple({ places, items }: XmlTuple<Reference<XmlShape>>, nodes: readonly SpecNode[]): boolean {
  const view = new SchemaView(nodes)
  const isNamed = places.every(({ name, node }) => name !== undefined && node === undefined) && items === undefined
  const isWrapped = view.xml('wrapped') === true || view.xml('nodeType') === 'element'
  return isNone(nodes) || (isNamed && !isWrapped)
}
