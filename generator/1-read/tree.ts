import { referenceTokens } from '../model/component-reference.ts'
import type { Place } from '../model/place.ts'
import { type Places, SpecNode, type SpecTree } from '../model/spec-node.ts'

/** The normal form as a tree of nodes. */
export class Tree implements SpecTree {
  readonly root: SpecNode
  readonly places: Places
  readonly #targets = new Map<string, SpecNode | undefined>()

  constructor(value: unknown, place: Place, places: Places) {
    this.places = places
    this.root = new SpecNode(value, place, this)
  }

  target(reference: string): SpecNode | undefined {
    if (!this.#targets.has(reference)) this.#targets.set(reference, this.#find(reference))
    return this.#targets.get(reference)
  }

  #find(reference: string): SpecNode | undefined {
    const tokens = referenceTokens(reference)
    let node: SpecNode | undefined = tokens && this.root
    for (const token of tokens ?? []) node = node?.at(token)
    return node
  }
}
