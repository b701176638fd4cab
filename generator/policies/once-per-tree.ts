import type { SpecNode, SpecTree } from '../model/spec-node.ts'

/** What follows from the whole document is worked out once, not once for each of its thousand operations. */
export function oncePerTree<T>(derive: (root: SpecNode) => T): (tree: SpecTree) => T {
  const known = new WeakMap<SpecTree, { readonly derived: T }>()
  return (tree) => {
    let entry = known.get(tree)
    if (entry === undefined) known.set(tree, (entry = { derived: derive(tree.root) }))
    return entry.derived
  }
}
