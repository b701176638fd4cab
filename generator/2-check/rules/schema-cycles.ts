import type { SpecNode } from '../../model/spec-node.ts'
import type { Rule } from '../rule.ts'

/**
 * "A schema MUST NOT be run into an infinite loop": a schema that applies itself to the same value never ends. Recursion
 * through properties or items is sound. https://json-schema.org/draft/2020-12/json-schema-core#name-infinite-recursion
 */
export const schemaCycles: Rule = (survey, reporter) => {
  const done = new Set<unknown>()
  for (const { node } of survey.all('schema')) {
    if (done.has(node.value)) continue
    const path: { node: SpecNode; next: [SpecNode, SpecNode][] }[] = [{ node, next: applied(node) }]
    const onPath = new Set<unknown>([node.value])
    while (path.length > 0) {
      const top = path.at(-1)!
      const edge = top.next.pop()
      if (edge === undefined) {
        done.add(top.node.value)
        onPath.delete(top.node.value)
        path.pop()
        continue
      }
      const [written, target] = edge
      if (onPath.has(target.value)) reporter.report('schema-cycle', written, {}, cyclePlaces(path, target))
      else if (!done.has(target.value)) {
        onPath.add(target.value)
        path.push({ node: target, next: applied(target) })
      }
    }
  }
}

/** The subschemas applied to the same value: [what is written, what it names]. */
function applied(schema: SpecNode): [SpecNode, SpecNode][] {
  const edges: [SpecNode, SpecNode][] = []
  const reference = schema.reference
  const target = reference === undefined ? undefined : schema.tree.target(reference)
  if (target !== undefined) edges.push([schema.at('$ref')!, target])
  // A parent that is one of its children by a discriminator, each of them all of the parent, is how hierarchies are written.
  const unions = schema.at('discriminator') === undefined ? ['anyOf', 'oneOf'] : []
  for (const key of ['allOf', ...unions]) {
    for (const branch of schema.at(key)?.items() ?? []) edges.push([branch, branch])
  }
  for (const key of ['not', 'if', 'then', 'else'] as const) {
    const branch = schema.at(key)
    if (branch !== undefined) edges.push([branch, branch])
  }
  for (const [, branch] of schema.at('dependentSchemas')?.entries() ?? []) edges.push([branch, branch])
  return edges.filter(([, node]) => typeof node.value === 'object' && node.value !== null)
}

function cyclePlaces(path: readonly { node: SpecNode }[], target: SpecNode) {
  const start = path.findIndex(({ node }) => node.value === target.value)
  return path.slice(start).map(({ node }) => ({ place: node.place, message: 'on the way round' }))
}
