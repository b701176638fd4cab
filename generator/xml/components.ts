import { isObject } from '../model/json.ts'
import type { SpecTree } from '../model/spec-node.ts'
import { componentName } from './schema-view.ts'

/** How the component schemas of a document hang together. */
export interface Components {
  /** Those that refer to each other in a circle with this one, itself included; [] where there is no circle. */
  circle(name: string): readonly string[]
  /** Those that extend this one by `allOf`, however far away. */
  heirs(name: string): readonly string[]
  /** What a component schema is called, by identity. */
  nameOf(schema: unknown): string | undefined
}

const known = new WeakMap<SpecTree, Components>()

export function componentsOf(tree: SpecTree): Components {
  let components = known.get(tree)
  if (components === undefined) known.set(tree, (components = read(tree)))
  return components
}

function read(tree: SpecTree): Components {
  const schemas = new Map(tree.root.path('components', 'schemas')?.entries() ?? [])
  const names = new Map<unknown, string>([...schemas].map(([name, schema]) => [schema.value, name]))
  const edges = new Map<string, Set<string>>()
  const heirs = new Map<string, Set<string>>()
  for (const [name, schema] of schemas) {
    edges.set(name, referencesIn(schema.value))
    for (const branch of schema.at('allOf')?.items() ?? []) {
      const base = componentName(branch.reference)
      if (base !== undefined) add(heirs, base, name)
    }
  }
  // A base with a discriminator stands for its heirs too.
  for (const [name, schema] of schemas) {
    if (schema.at('discriminator') !== undefined) for (const heir of heirs.get(name) ?? []) add(edges, name, heir)
  }
  const circles = new Map<string, readonly string[]>()
  for (const circle of stronglyConnected(edges)) {
    const alone = circle.length === 1 && edges.get(circle[0]!)?.has(circle[0]!) !== true
    if (!alone) for (const name of circle) circles.set(name, circle)
  }
  return {
    circle: (name) => circles.get(name) ?? [],
    heirs: (name) => reach(heirs, name),
    nameOf: (schema) => names.get(schema),
  }
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key)
  if (set === undefined) map.set(key, new Set([value]))
  else set.add(value)
}

function reach(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string): string[] {
  const found = new Set<string>()
  const pending = [from]
  while (pending.length > 0) {
    for (const next of edges.get(pending.pop()!) ?? []) {
      if (found.has(next) || next === from) continue
      found.add(next)
      pending.push(next)
    }
  }
  return [...found].sort()
}

/** Component schemas that a schema refers to, wherever in it. */
function referencesIn(schema: unknown): Set<string> {
  const found = new Set<string>()
  const seen = new Set<unknown>()
  const pending: unknown[] = [schema]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    const reference = isObject(value) && Object.hasOwn(value, '$ref') ? value['$ref'] : undefined
    const name = typeof reference === 'string' ? componentName(reference) : undefined
    if (name !== undefined) found.add(name)
    pending.push(...Object.values(value))
  }
  return found
}

/** Tarjan's algorithm without recursion: documents have chains of thousands of schemas. */
function stronglyConnected(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const found: string[][] = []
  for (const root of edges.keys()) {
    if (index.has(root)) continue
    const work: { name: string; rest: string[] }[] = []
    const enter = (name: string): void => {
      index.set(name, index.size)
      low.set(name, index.get(name)!)
      stack.push(name)
      onStack.add(name)
      work.push({ name, rest: [...(edges.get(name) ?? [])] })
    }
    enter(root)
    while (work.length > 0) {
      const { name, rest } = work[work.length - 1]!
      const next = rest.pop()
      if (next !== undefined) {
        if (!edges.has(next)) continue
        if (!index.has(next)) enter(next)
        else if (onStack.has(next)) low.set(name, Math.min(low.get(name)!, index.get(next)!))
        continue
      }
      work.pop()
      const parent = work[work.length - 1]
      if (parent !== undefined) low.set(parent.name, Math.min(low.get(parent.name)!, low.get(name)!))
      if (low.get(name) !== index.get(name)) continue
      const circle: string[] = []
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member)
        circle.push(member)
        if (member === name) break
      }
      found.push(circle.sort())
    }
  }
  return found
}
