import { pointerToken } from '../model/place.ts'
import type { SpecNode, SpecTree } from '../model/spec-node.ts'

export interface Heir {
  readonly name: string
  readonly reference: string
}

const known = new WeakMap<SpecTree, ReadonlyMap<string, readonly string[]>>()

/** Component schemas that extend this one by `allOf`, however far away. */
export function heirsOf(tree: SpecTree, name: string): Heir[] {
  let direct = known.get(tree)
  if (direct === undefined) known.set(tree, (direct = read(tree)))
  const found = new Set<string>()
  const pending = [name]
  while (pending.length > 0) {
    for (const heir of direct.get(pending.pop()!) ?? []) {
      if (found.has(heir) || heir === name) continue
      found.add(heir)
      pending.push(heir)
    }
  }
  return [...found].sort().map((heir) => ({ name: heir, reference: `#/components/schemas/${pointerToken(heir)}` }))
}

function read(tree: SpecTree): ReadonlyMap<string, readonly string[]> {
  const components: readonly [string, SpecNode][] = tree.root.path('components', 'schemas')?.entries() ?? []
  const names = new Map(components.map(([name, schema]) => [schema.value, name]))
  const heirs = new Map<string, string[]>()
  for (const [heir, schema] of components) {
    for (const branch of schema.at('allOf')?.items() ?? []) {
      const base = branch.reference === undefined ? undefined : names.get(branch.resolve().value)
      if (base !== undefined) heirs.set(base, [...(heirs.get(base) ?? []), heir])
    }
  }
  return heirs
}
