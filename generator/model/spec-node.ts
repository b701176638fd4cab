import { isObject, member } from './json.ts'
import { childPlace, type Place } from './place.ts'

/**
 * Origins of objects and members that a phase put somewhere else than their author did: an overlay's value, a schema
 * hoisted out of another file, a 2.0 parameter turned into a request body. What is not in here stands where its parent says.
 */
export class Places {
  readonly #objects = new WeakMap<object, Place>()
  readonly #members = new WeakMap<object, Map<string | number, Place>>()

  set(value: object, place: Place): void {
    this.#objects.set(value, place)
  }

  setMember(owner: object, key: string | number, place: Place): void {
    const members = this.#members.get(owner) ?? new Map<string | number, Place>()
    members.set(key, place)
    this.#members.set(owner, members)
  }

  of(value: object): Place | undefined {
    return this.#objects.get(value)
  }

  ofMember(owner: object, key: string | number): Place | undefined {
    return this.#members.get(owner)?.get(key)
  }

  /** The place of a member, given its owner's: its own where it was moved, else below the owner's. */
  below(owner: unknown, place: Place, key: string | number, at: 'key' | 'value' = 'value'): Place {
    if (typeof owner === 'object' && owner !== null) {
      const child = member(owner, key)
      const own =
        this.ofMember(owner, key) ?? (typeof child === 'object' && child !== null ? this.of(child) : undefined)
      if (own !== undefined) return { ...own, at }
    }
    return childPlace(place, key, at)
  }
}

/** The place of a member, as long as nobody has asked for it. */
interface Below {
  readonly owner: SpecNode
  readonly key: string | number
}

/**
 * A value of the document with its place. Navigation never throws: what is absent is undefined, what has the wrong type
 * reads as absent (2-check has reported it before anybody relies on it).
 */
export class SpecNode {
  readonly value: unknown
  readonly tree: SpecTree
  #place: Place | Below

  constructor(value: unknown, place: Place | Below, tree: SpecTree) {
    this.value = value
    this.#place = place
    this.tree = tree
  }

  /** Worked out when somebody asks: most nodes are only passed through. */
  get place(): Place {
    if ('owner' in this.#place) this.#place = this.#place.owner.placeOf(this.#place.key)
    return this.#place
  }

  /** The member `key`, references not followed. */
  at(key: string | number): SpecNode | undefined {
    const value = member(this.value, key)
    return value === undefined ? undefined : new SpecNode(value, { owner: this, key }, this.tree)
  }

  /** The member `key` with a reference followed to what it names. */
  get(key: string | number): SpecNode | undefined {
    return this.at(key)?.resolve()
  }

  /** The descendant under `keys`, references followed at each step. */
  path(...keys: readonly (string | number)[]): SpecNode | undefined {
    let node: SpecNode | undefined = this
    for (const key of keys) node = node?.get(key)
    return node
  }

  /** The place of the member `key`, whether it is there or not. */
  placeOf(key: string | number, at: 'key' | 'value' = 'value'): Place {
    return this.tree.places.below(this.value, this.place, key, at)
  }

  /** Members in document order, references not followed; [] where this is no object. */
  entries(): [string, SpecNode][] {
    if (!isObject(this.value)) return []
    return Object.keys(this.value).map((key) => [key, this.at(key)!])
  }

  /** Items in order, references not followed; [] where this is no array. */
  items(): SpecNode[] {
    return Array.isArray(this.value) ? this.value.map((_, index) => this.at(index)!) : []
  }

  get string(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined
  }

  get number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined
  }

  get boolean(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : undefined
  }

  /** The reference this object is, if it is one: `#/components/…` once read. */
  get reference(): string | undefined {
    const ref = member(this.value, '$ref')
    return typeof ref === 'string' ? ref : undefined
  }

  /** This node, or what its `$ref` names. Chains are followed; a cycle or a dangling reference is the node itself. */
  resolve(): SpecNode {
    let node: SpecNode = this
    const seen = new Set<unknown>()
    while (node.reference !== undefined && !seen.has(node.value)) {
      seen.add(node.value)
      const target = this.tree.target(node.reference)
      if (target === undefined) return node
      node = target
    }
    return node
  }
}

/** A whole document in the normal form: 3.1 shape, every `$ref` of the form `#/components/<section>/<name>`. */
export interface SpecTree {
  readonly root: SpecNode
  readonly places: Places
  /** What a reference of the normal form names. */
  target(reference: string): SpecNode | undefined
}
