import type { SpecNode, SpecTree } from '../model/spec-node.ts'
import type { Kind } from './structure/shape.ts'

/** An object of the document, as the walk came to it. */
export interface Found {
  readonly node: SpecNode
  readonly kind: Kind
  /** Its member name or index in what holds it. */
  readonly key: string | number
  /** The object it stands in; undefined for the document itself. */
  readonly parent: Found | undefined
  /** It stands where nothing is compiled: webhooks, callbacks, examples. What is wrong in it can only be a warning. */
  readonly prose: boolean
}

/** An `x-proxy` and what it stands in. */
export interface FoundProxy {
  readonly node: SpecNode
  readonly owner: SpecNode
  readonly kind: Kind
  readonly compiled: boolean
}

export interface PathItemEntry {
  readonly node: SpecNode
  /** The key in `paths`; undefined for path items of `components`. */
  readonly path: string | undefined
  /** `paths`, for the place of the key. */
  readonly holder: SpecNode | undefined
  readonly operations: readonly OperationEntry[]
}

export interface OperationEntry {
  readonly node: SpecNode
  /** Upper case for the fixed methods, as written for `additionalOperations`. */
  readonly method: string
  readonly item: PathItemEntry
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** What the rules look at: every object of the document by its kind, and its operations. Built by one walk. */
export class Survey {
  readonly tree: SpecTree
  /** What the author's document says it is: `3.0.3`. Some rules hold from a version on. */
  readonly version: string
  readonly proxies: FoundProxy[] = []
  readonly #found = new Map<Kind, Found[]>()
  #pathItems: readonly PathItemEntry[] | undefined

  constructor(tree: SpecTree, version: string) {
    this.tree = tree
    this.version = version
  }

  add(found: Found): void {
    const all = this.#found.get(found.kind)
    if (all === undefined) this.#found.set(found.kind, [found])
    else all.push(found)
  }

  /** Objects of a kind in document order; without references (what they name is found where it stands). */
  all(kind: Kind, scope: 'compiled' | 'everywhere' = 'compiled'): readonly Found[] {
    const all = this.#found.get(kind) ?? []
    return scope === 'everywhere' ? all : all.filter((found) => !found.prose)
  }

  /** Path items under `paths`, references followed, then those of `components` that no path uses. */
  get pathItems(): readonly PathItemEntry[] {
    this.#pathItems ??= this.#collect()
    return this.#pathItems
  }

  get operations(): readonly OperationEntry[] {
    return this.pathItems.flatMap((item) => item.operations)
  }

  #collect(): PathItemEntry[] {
    const entries: PathItemEntry[] = []
    const used = new Set<unknown>()
    const paths = this.tree.root.get('paths')
    for (const [path, written] of paths?.entries() ?? []) {
      if (path.startsWith('x-')) continue
      const node = written.resolve()
      used.add(node.value)
      entries.push(pathItem(node, path, paths))
    }
    for (const [, node] of this.tree.root.get('components')?.get('pathItems')?.entries() ?? []) {
      if (node.reference === undefined && !used.has(node.value)) entries.push(pathItem(node, undefined, undefined))
    }
    return entries
  }
}

function pathItem(node: SpecNode, path: string | undefined, holder: SpecNode | undefined): PathItemEntry {
  const operations: OperationEntry[] = []
  const item: PathItemEntry = { node, path, holder, operations }
  for (const [key, operation] of node.entries()) {
    if (methods.includes(key)) operations.push({ node: operation.resolve(), method: key.toUpperCase(), item })
  }
  for (const [method, operation] of node.get('additionalOperations')?.entries() ?? []) {
    operations.push({ node: operation.resolve(), method, item })
  }
  return item
}
