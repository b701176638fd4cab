import type { Inner, JudgedName, JudgeNode } from './judge-node.ts'
import { MalformedJson } from './malformed.ts'

/** Which names have been met in the objects around the one at hand, each in the order of its table: a stack. */
export class MetNames {
  readonly flags: boolean[] = []
  top = 0
}

const noNames: readonly JudgedName[] = []

/** Which parts of a node still hold while the members or items of one value are walked. Used again for one value after another. */
export class Ballot {
  parts = 0
  node: JudgeNode
  /** Where the names of what is declared stand among those that something is asked of. */
  indexes: readonly number[] = []
  #names = noNames
  readonly #met: MetNames
  #base = 0

  constructor(node: JudgeNode, met: MetNames) {
    this.node = node
    this.#met = met
  }

  /** Begins with a value. */
  open(node: JudgeNode, isObject: boolean): void {
    const met = this.#met
    this.node = node
    this.parts = isObject ? node.ofKind.object : node.ofKind.array
    this.#names = isObject ? node.table.values : noNames
    this.#base = met.top
    met.top += this.#names.length
    for (let i = this.#base; i < met.top; i++) met.flags[i] = false
  }

  /**
   * @param index of the name in the node's table, or -1
   * @returns what is asked of the member's value, where that still matters
   */
  member(index: number): Inner | undefined {
    if (index < 0) {
      this.parts &= ~this.node.refusing
      return this.#asked(this.node.others)
    }
    const flags = this.#met.flags
    // What was judged is not what is read where a name is given twice (RFC 8259 §4).
    if (flags[this.#base + index]) throw new MalformedJson('a name given twice')
    flags[this.#base + index] = true
    const name = this.#names[index]!
    this.parts &= ~name.refusedBy
    return this.#asked(name.inner)
  }

  /** Whether there was a member of this name; until another value is judged. */
  hasMet(index: number): boolean {
    return this.#met.flags[this.#base + index]!
  }

  item(): Inner | undefined {
    return this.#asked(this.node.items)
  }

  #asked(inner: Inner | undefined): Inner | undefined {
    return inner !== undefined && (this.parts & inner.parts) !== 0 ? inner : undefined
  }

  /** @param holding the roots of the inner node that hold for the value */
  count(inner: Inner, holding: number): void {
    const broken = inner.node.roots & ~holding
    if (broken === 0) return
    const { failing } = inner
    for (let k = 0; k < failing.length; k++) if ((broken & (1 << k)) !== 0) this.parts &= ~failing[k]!
  }

  /** @returns the parts that hold */
  close(): number {
    const { flags } = this.#met
    if (this.#names.length > 0) {
      const { required } = this.node
      for (let i = 0; i < required.length; i++) {
        const { index, by } = required[i]!
        if (!flags[this.#base + index]) this.parts &= ~by
      }
    }
    this.#met.top = this.#base
    return this.parts
  }
}
