import type { Validator } from '../core/validator.ts'
import type { Asked, AskedParts } from './asked.ts'
import { type AskedStrings, askedStrings } from './asked-strings.ts'
import { type Formula, holds } from './formula.ts'
import { Interning } from './interning.ts'
import { KeyTable, type Named } from './key-table.ts'

/** Sets of up to 30 parts are the bits of a number. */
type Bits = number
const mostParts = 30
/** How many nodes alternatives may lead to. */
const mostNodes = 2000

/** What values are by their first byte. */
export const kinds = ['string', 'number', 'boolean', 'null', 'object', 'array'] as const
export type Kind = (typeof kinds)[number]

/** More is asked of one value than bits can tell, or a schema asks itself. */
export class Unjudgeable extends Error {}

/** What else is asked of a scalar. */
export interface ScalarTest {
  readonly bit: Bits
  readonly isInteger: boolean
  readonly values: ReadonlySet<unknown> | undefined
}

/** What is asked of members or items, put together. */
export interface Inner {
  readonly node: JudgeNode
  /** By root of the node: the parts that fail where it does. */
  readonly failing: readonly Bits[]
  readonly parts: Bits
}

/** A name that something is asked of. */
export interface JudgedName extends Named {
  readonly requiredBy: Bits
  /** Parts that allow no member of this name. */
  readonly refusedBy: Bits
  readonly inner: Inner | undefined
}

/**
 * Everything that several schemas ask of one and the same value, put together so that one walk over its text tells which of
 * them accept it. The schemas are its roots; what each asks by itself is a part, and parts are bits. Made when a value first
 * comes to it.
 */
export class JudgeNode {
  /** All roots, and how many. */
  readonly roots: Bits
  readonly count: number
  /** Parts that a value of each kind does not break. */
  readonly ofKind: Readonly<Record<Kind, Bits>>
  /** Parts that ask something of members, and of items. */
  readonly ofMembers: Bits
  readonly ofItems: Bits
  /** Parts that hold for values of all types. */
  readonly untyped: Bits
  /** What else is asked of numbers; and of strings, booleans and null. */
  readonly numbers: readonly ScalarTest[]
  readonly words: readonly ScalarTest[]
  /** What values must be parsed for. */
  readonly tests: readonly { readonly bits: Bits; readonly test: Validator }[]
  /** Roots that hold for scalars of each kind, where nothing else is asked of them. */
  readonly rootsOf: Readonly<Record<Kind, Bits>> | undefined
  readonly asked: readonly Asked[]
  /** Parts that allow no member of a name that none lists. */
  readonly refusing: Bits
  readonly #formulas: readonly Formula[]
  readonly #isPlain: boolean
  readonly #parts: readonly AskedParts[]
  readonly #nodes: JudgeNodes
  #table: KeyTable<JudgedName> | undefined
  #strings: AskedStrings | undefined
  #required: readonly { readonly index: number; readonly by: Bits }[] | undefined
  #byName: ReadonlyMap<string, number> | undefined
  #others: Inner | undefined | null = null
  #items: Inner | undefined | null = null

  constructor(roots: readonly Asked[], nodes: JudgeNodes) {
    const parts: AskedParts[] = []
    this.#nodes = nodes
    this.asked = roots
    this.#formulas = roots.map((root) => this.#formula(root, parts, new Set()))
    this.#parts = parts
    this.count = roots.length
    this.roots = allBits(roots.length)
    this.#isPlain = this.#formulas.every(({ need, any, one }, k) => need === 1 << k && any.length + one.length === 0)
    this.ofKind = byKind((kind) => this.#bits((part) => mayBe(part, kind)))
    this.ofMembers = this.#bits(
      ({ required, properties, additional }) => (required ?? properties ?? additional) !== undefined,
    )
    this.ofItems = this.#bits(({ items }) => items !== undefined)
    this.untyped = this.#bits(({ types }) => types === undefined)
    this.refusing = this.#bits(({ additional }) => additional === false)
    const scalars = parts.flatMap(({ types, values }, index): ScalarTest[] => {
      const isInteger = types?.includes('integer') === true && !types.includes('number')
      if (!isInteger && values === undefined) return []
      return [{ bit: 1 << index, isInteger, values: values === undefined ? undefined : new Set(values) }]
    })
    this.numbers = scalars
    this.words = scalars.filter(({ values }) => values !== undefined)
    const tests = new Set(parts.flatMap(({ test }) => test ?? []))
    this.tests = [...tests].map((test) => ({ test, bits: this.#bits((part) => part.test === test) }))
    if (scalars.length === 0 && tests.size === 0) this.rootsOf = byKind((kind) => this.holding(this.ofKind[kind]))
  }

  /** @param parts those that hold. @returns the roots that hold */
  holding(parts: Bits): Bits {
    if (this.#isPlain) return parts
    let found = 0
    for (let k = 0; k < this.#formulas.length; k++) if (holds(this.#formulas[k]!, parts)) found |= 1 << k
    return found
  }

  get table(): KeyTable<JudgedName> {
    this.#table ??= this.#makeTable()
    return this.#table
  }

  get strings(): AskedStrings {
    this.#strings ??= askedStrings(this.words)
    return this.#strings
  }

  /** The index in the table; undefined where nothing is asked of this name in particular. */
  index(name: string): number | undefined {
    this.#byName ??= new Map(this.table.values.map((one, index) => [one.name, index]))
    return this.#byName.get(name)
  }

  /** What is asked of members that no part lists. */
  get others(): Inner | undefined {
    if (this.#others === null)
      this.#others = this.#inner(({ additional }) => (additional === false ? undefined : additional))
    return this.#others
  }

  get items(): Inner | undefined {
    if (this.#items === null) this.#items = this.#inner(({ items }) => items)
    return this.#items
  }

  /** The names that must be there, by index in the table, and by what. */
  get required(): readonly { readonly index: number; readonly by: Bits }[] {
    this.#required ??= this.table.values.flatMap(({ requiredBy: by }, index) => (by === 0 ? [] : [{ index, by }]))
    return this.#required
  }

  /** All that is asked of members and items. */
  get inners(): JudgeNode[] {
    const all = [...this.table.values.map(({ inner }) => inner), this.others, this.items]
    return all.flatMap((inner) => inner?.node ?? [])
  }

  #makeTable(): KeyTable<JudgedName> {
    const names = new Set(
      this.#parts.flatMap(({ properties, required }) => [...Object.keys(properties ?? {}), ...(required ?? [])]),
    )
    return new KeyTable(
      [...names].map((name): JudgedName => {
        const lists = ({ properties }: AskedParts) => properties !== undefined && Object.hasOwn(properties, name)
        return {
          name,
          requiredBy: this.#bits(({ required }) => required?.includes(name) === true),
          refusedBy: this.#bits((part) => part.additional === false && !lists(part)),
          inner: this.#inner((part) =>
            lists(part) ? part.properties![name] : part.additional === false ? undefined : part.additional,
          ),
        }
      }),
    )
  }

  #inner(asked: (part: AskedParts) => Asked | undefined): Inner | undefined {
    const byRoot = new Map<Asked, Bits>()
    this.#parts.forEach((part, index) => {
      const one = asked(part)
      if (one === undefined || one === 'any') return
      const root = this.#nodes.interning.of(one)
      byRoot.set(root, (byRoot.get(root) ?? 0) | (1 << index))
    })
    if (byRoot.size === 0) return undefined
    const failing = [...byRoot.values()]
    return { node: this.#nodes.of([...byRoot.keys()]), failing, parts: failing.reduce((all, bits) => all | bits) }
  }

  #bits(has: (part: AskedParts) => boolean): Bits {
    return this.#parts.reduce((bits, part, index) => (has(part) ? bits | (1 << index) : bits), 0)
  }

  #formula(asked: Asked, parts: AskedParts[], path: ReadonlySet<Asked>): Formula {
    const formula: Formula = { need: 0, any: [], one: [] }
    if (asked === 'any') return formula
    if (path.has(asked)) throw new Unjudgeable()
    const within = new Set([...path, asked])
    if ('is' in asked) return this.#formula(this.#nodes.component(asked.is), parts, within)
    const { all = [], any, one, ...own } = asked
    const keys = Object.keys(own)
    if (keys.length > 0) {
      const part = this.#nodes.interning.of(all === undefined && any === undefined && one === undefined ? asked : own)
      let index = parts.indexOf(part)
      if (index < 0) index = parts.push(part) - 1
      if (index >= mostParts) throw new Unjudgeable()
      formula.need = 1 << index
    }
    for (const part of all) {
      const inner = this.#formula(part, parts, within)
      formula.need |= inner.need
      formula.any.push(...inner.any)
      formula.one.push(...inner.one)
    }
    if (any !== undefined) formula.any.push(any.map((branch) => this.#formula(branch, parts, within)))
    if (one !== undefined) formula.one.push(one.map((branch) => this.#formula(branch, parts, within)))
    return formula
  }
}

/** The nodes of a document, shared by all that judge by it. */
export class JudgeNodes {
  readonly #components: ReadonlyMap<string, Asked>
  readonly #known = new Map<string, JudgeNode>()
  readonly #ids = new Map<Asked, number>()
  readonly interning = new Interning()
  readonly #joined = new Map<JudgeNode, Map<JudgeNode, JudgeNode | undefined>>()

  constructor(components: ReadonlyMap<string, Asked>) {
    this.#components = components
  }

  /**
   * A node to begin with: what is inside it is made at once, so that nothing fails on the way.
   *
   * @throws Unjudgeable
   */
  root(roots: readonly Asked[]): JudgeNode {
    const first = this.of(roots)
    const seen = new Set([first])
    // A set grows while it is walked.
    for (const node of seen) {
      if (seen.size > mostNodes) throw new Unjudgeable()
      for (const inner of node.inners) seen.add(inner)
    }
    return first
  }

  /** @throws Unjudgeable */
  of(roots: readonly Asked[]): JudgeNode {
    if (roots.length > mostParts) throw new Unjudgeable()
    const key = roots
      .map((root) => this.#id(typeof root === 'object' && 'is' in root ? this.component(root.is) : root))
      .join()
    let node = this.#known.get(key)
    if (node === undefined) this.#known.set(key, (node = new JudgeNode(roots, this)))
    return node
  }

  /** Both in one: the first's roots, and behind them the second's. Undefined: that is too much for one. */
  joined(first: JudgeNode | undefined, second: JudgeNode): JudgeNode | undefined {
    if (first === undefined) return second
    let known = this.#joined.get(first)
    if (known === undefined) this.#joined.set(first, (known = new Map()))
    if (known.has(second)) return known.get(second)
    let node: JudgeNode | undefined
    try {
      node = this.root([...first.asked, ...second.asked])
    } catch (error) {
      if (!(error instanceof Unjudgeable)) throw error
    }
    known.set(second, node)
    return node
  }

  component(name: string): Asked {
    const found = this.#components.get(name)
    if (found === undefined) throw new Unjudgeable()
    return found
  }

  #id(asked: Asked): number {
    let id = this.#ids.get(asked)
    if (id === undefined) this.#ids.set(asked, (id = this.#ids.size))
    return id
  }
}

function byKind(of: (kind: Kind) => Bits): Readonly<Record<Kind, Bits>> {
  return Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) as Record<Kind, Bits>
}

function mayBe({ types, values }: AskedParts, kind: Kind): boolean {
  if (values !== undefined && (kind === 'object' || kind === 'array')) return false
  return types === undefined || types.some((type) => type === kind || (type === 'integer' && kind === 'number'))
}

function allBits(count: number): Bits {
  return 2 ** count - 1
}
