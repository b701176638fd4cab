import { member } from '../../generator/model/json.ts'
import { pointerTokens } from '../../generator/model/place.ts'
import { Places, SpecNode, type SpecTree } from '../../generator/model/spec-node.ts'

/** A tree of a document in the normal form, for tests of what comes after reading. */
export function treeOf(document: object, file = 'specs/test.yaml'): SpecTree {
  const tree: SpecTree = {
    root: undefined as unknown as SpecNode,
    places: new Places(),
    target(reference) {
      const tokens = pointerTokens(reference.slice(1))
      const known = tokens.reduce<unknown>((value, token) => member(value, token), document) !== undefined
      return known ? tokens.reduce<SpecNode | undefined>((node, token) => node?.at(token), tree.root) : undefined
    },
  }
  return Object.assign(tree, { root: new SpecNode(document, { file, pointer: '' }, tree) })
}
