import { referenceTokens } from '../model/component-reference.ts'
import { Places, SpecNode, type SpecTree } from '../model/spec-node.ts'

/** A value as a tree, for tests of the check alone: nothing is read and nothing normalised. */
export function treeOf(value: unknown): SpecTree {
  const tree: SpecTree = {
    places: new Places(),
    get root() {
      return new SpecNode(value, { file: 'spec.yaml', pointer: '' }, tree)
    },
    target(reference) {
      const tokens = referenceTokens(reference)
      let node: SpecNode | undefined = tokens && tree.root
      for (const token of tokens ?? []) node = node?.at(token)
      return node
    },
  }
  return tree
}
