import { type Differences, differencesOf } from './differences.ts'
import { Interning } from './interning.ts'
import { type JudgeNode, JudgeNodes } from './judge-node.ts'
import { KeyTable } from './key-table.ts'
import { KnownNames } from './known-names.ts'
import { Member } from './member.ts'
import type {
  ItemShape,
  JsonShape,
  JsonShapes,
  PatternShape,
  PropertyShape,
  ShapeAlternative,
  ShapeChoice,
  StructuredShape,
} from './shape.ts'

/** Names up to which patterns are tried, and how many of them are remembered. */
const longestName = 256
const mostRemembered = 1000
/** How many states, and ways that lead to one, are remembered. */
const mostStates = 10_000

/** All shapes that hold for one value, put together: what may stand in it. Made when a value first comes to it. */
export class State {
  readonly shapes: readonly JsonShape[]
  readonly isAny: boolean
  readonly choices: readonly ShapeChoice[]
  /** Whether members may be declared otherwise than by name. */
  readonly hasOthers: boolean
  /** Whether every member is declared, whatever its name. */
  readonly declaresAll: boolean
  /** Whether a discriminator tells between some of the choices. */
  readonly hasTags: boolean
  /** How many items are declared one by one. */
  readonly prefix: number
  readonly #parts: readonly StructuredShape[]
  readonly #states: States
  #table: KeyTable<Member> | undefined
  readonly #differences = new Map<State, Differences | null>()
  readonly #indexes = new Map<JudgeNode, readonly number[]>()
  #byName: ReadonlyMap<string, Member> | undefined
  readonly #others = new Map<string, Member | undefined>()
  #known: KnownNames | undefined
  #indexedBy: JudgeNode | undefined
  #indexed: readonly number[] = []
  /** Null: not asked for yet. */
  #items: State | 'hidden' | undefined | null = null
  readonly #prefixed: (State | 'hidden' | undefined)[] = []

  constructor(shapes: readonly JsonShape[], flat: Flat, states: States) {
    this.shapes = shapes
    this.isAny = !flat.isSaid
    this.choices = [...flat.choices]
    this.hasTags = this.choices.some(({ by }) => by !== undefined)
    this.#parts = [...flat.parts]
    this.#states = states
    this.hasOthers = this.#parts.some(
      ({ patterns, additional = false, unevaluated = false }) =>
        patterns !== undefined || additional !== false || unevaluated !== false,
    )
    this.declaresAll =
      this.isAny ||
      (this.#parts.some(({ additional = false }) => additional !== false) &&
        this.#parts.every(({ additional, names }) => additional !== false && names === undefined))
    this.prefix = Math.max(0, ...this.#parts.map((part) => part.prefix?.length ?? 0))
  }

  /** Members that are declared by name. */
  get table(): KeyTable<Member> {
    this.#table ??= this.#makeTable()
    return this.#table
  }

  /** Where the names of the table stand in what is asked of the same value; -1 where they do not. */
  indexesIn(node: JudgeNode): readonly number[] {
    // Nearly always the same is asked as of the last value.
    if (node === this.#indexedBy) return this.#indexed
    let found = this.#indexes.get(node)
    if (found === undefined) {
      found = this.table.values.map(({ name }) => node.index(name) ?? -1)
      this.#indexes.set(node, found)
    }
    this.#indexedBy = node
    this.#indexed = found
    return found
  }

  /**
   * What this declares otherwise than another state; null where that cannot be told by names.
   * A text that was cut by this one is cut by the other just so where nothing of that is in it.
   */
  differencesTo(other: State): Differences | null {
    let found = this.#differences.get(other)
    if (found === undefined) this.#differences.set(other, (found = differencesOf(this, other)))
    return found
  }

  /** The member of any name; undefined where it is not declared. */
  member(name: string): Member | undefined {
    this.#byName ??= new Map(this.table.values.map((member) => [member.name, member]))
    return this.#byName.get(name) ?? (this.hasOthers ? this.other(name) : undefined)
  }

  /** Members that are not declared by name, as texts have them. */
  get known(): KnownNames {
    this.#known ??= new KnownNames()
    return this.#known
  }

  /** A member that is not declared by name. */
  other(name: string): Member | undefined {
    if (this.#others.has(name)) return this.#others.get(name)
    const member = this.#memberOf(name)
    if (this.#others.size < mostRemembered) this.#others.set(name, member)
    return member
  }

  /** Undefined: no such item is declared. `hidden`: nobody gets it. */
  item(index: number): State | 'hidden' | undefined {
    if (this.isAny) return this
    if (index < this.prefix) {
      if (!(index in this.#prefixed)) this.#prefixed[index] = this.#itemOf(index)
      return this.#prefixed[index]
    }
    if (this.#items === null) this.#items = this.#itemOf(this.prefix)
    return this.#items
  }

  #makeTable(): KeyTable<Member> {
    const found = new Set(this.#parts.flatMap(({ properties }) => Object.keys(properties ?? {})))
    return new KeyTable([...found].map((name) => this.#memberOf(name)!))
  }

  #memberOf(name: string): Member | undefined {
    const said: PropertyShape[] = []
    let isListed = false
    let isClosed = false
    for (const { properties, patterns, additional, names } of this.#parts) {
      const own: PropertyShape[] = []
      if (properties !== undefined && Object.hasOwn(properties, name)) own.push(properties[name]!)
      else if (names !== undefined && !names(name)) {
        isClosed = true
        continue
      }
      for (const one of patterns ?? []) if (this.#states.matches(one, name)) own.push(one.value)
      if (own.length > 0) isListed = true
      else if (additional === false) isClosed = true
      else if (additional !== undefined) own.push(additional)
      said.push(...own)
    }
    if (said.length === 0 && !isClosed) said.push(...this.#parts.flatMap(({ unevaluated }) => unevaluated || []))
    if (said.length === 0 || (isClosed && !isListed)) return undefined
    const isTag = this.choices.some(({ by }) => by === name)
    return new Member(name, said, isTag, this.#states)
  }

  #itemOf(index: number): State | 'hidden' | undefined {
    const said: ItemShape[] = []
    let isClosed = false
    for (const { prefix, items } of this.#parts) {
      if (prefix !== undefined && index < prefix.length) said.push(prefix[index]!)
      else if (items !== undefined && items !== false) said.push(items)
      else if (items === false || prefix !== undefined) isClosed = true
    }
    if (said.length === 0) {
      const unevaluated = this.#parts.flatMap(({ unevaluatedItems }) => unevaluatedItems ?? [])
      said.push(...unevaluated.filter((one) => one !== false))
      isClosed ||= unevaluated.length > said.length
    }
    if (isClosed && said.length === 0) return undefined
    const shown = said.filter((one) => one !== 'hidden')
    if (shown.length < said.length) return 'hidden'
    return this.#states.of(shown.length === 0 ? ['plain'] : shown)
  }
}

/** References followed and `all` opened. */
interface Flat {
  isSaid: boolean
  readonly parts: Set<StructuredShape>
  readonly choices: Set<ShapeChoice>
  readonly seen: Set<unknown>
}

/** The states of a document, shared by all that project by its shapes. */
export class States {
  /** What alternatives ask. */
  readonly judged: JudgeNodes
  readonly #shapes: JsonShapes['shapes']
  readonly #known = new Map<string, State>()
  readonly #ids = new Map<unknown, number>()
  readonly #interning = new Interning()
  readonly #patterns = new Map<string, RegExp>()
  readonly #extendedByOne = new Map<State, Map<ShapeAlternative, State>>()
  readonly #extended = new Map<State, Map<string, State>>()

  constructor({ shapes, asked }: JsonShapes) {
    this.#shapes = shapes
    this.judged = new JudgeNodes(asked)
  }

  /** @param shapes all of them hold for the value */
  of(shapes: readonly JsonShape[]): State {
    const flat: Flat = { isSaid: false, parts: new Set(), choices: new Set(), seen: new Set() }
    for (const shape of shapes) this.#flatten(shape, flat)
    const ids = [...flat.parts, ...flat.choices].map((part) => this.#id(part)).sort((a, b) => a - b)
    const key = `${flat.isSaid}${ids}`
    let state = this.#known.get(key)
    if (state !== undefined) return state
    state = new State(shapes, flat, this)
    // The upstream says which alternatives hold together: not without end.
    if (this.#known.size < mostStates) this.#known.set(key, state)
    return state
  }

  /** The state of a value for which these alternatives hold as well. */
  extended(state: State, chosen: readonly ShapeAlternative[]): State {
    const [only] = chosen
    if (only === undefined) return state
    if (chosen.length > 1) return this.#extendedBySeveral(state, chosen)
    let known = this.#extendedByOne.get(state)
    if (known === undefined) this.#extendedByOne.set(state, (known = new Map()))
    let found = known.get(only)
    if (found === undefined) known.set(only, (found = this.of([...state.shapes, only.value])))
    return found
  }

  #extendedBySeveral(state: State, chosen: readonly ShapeAlternative[]): State {
    let known = this.#extended.get(state)
    if (known === undefined) this.#extended.set(state, (known = new Map()))
    const key = this.key(chosen)
    let found = known.get(key)
    if (found !== undefined) return found
    found = this.of([...state.shapes, ...chosen.map(({ value }) => value)])
    if (known.size < mostStates) known.set(key, found)
    return found
  }

  matches({ pattern, flags, upTo = longestName }: Omit<PatternShape, 'value'>, name: string): boolean {
    if (name.length > upTo) return false
    const key = `${flags}/${pattern}`
    let regExp = this.#patterns.get(key)
    if (regExp === undefined) this.#patterns.set(key, (regExp = new RegExp(pattern, flags)))
    return regExp.test(name)
  }

  #flatten(shape: JsonShape, flat: Flat, isBase = false): void {
    if (shape === 'any') return
    if (shape === 'plain') {
      flat.isSaid = true
      return
    }
    if ('is' in shape || 'base' in shape) {
      // A component that is nothing but a reference to itself says nothing that could be kept.
      if (flat.seen.has(shape)) return
      flat.seen.add(shape)
      const named = this.#shapes.get('is' in shape ? shape.is : shape.base) ?? 'plain'
      this.#flatten(named, flat, 'base' in shape)
      return
    }
    flat.isSaid = true
    const part = this.#interning.of(shape)
    if (part.heirs !== undefined && !isBase) flat.choices.add(part.heirs)
    if (flat.parts.has(part)) return
    flat.parts.add(part)
    for (const choice of part.choices ?? []) flat.choices.add(choice)
    for (const one of part.all ?? []) this.#flatten(one, flat)
  }

  /** Tells lists of parts apart. */
  key(parts: readonly unknown[]): string {
    return parts.map((part) => this.#id(part)).join()
  }

  #id(part: unknown): number {
    let id = this.#ids.get(part)
    if (id === undefined) this.#ids.set(part, (id = this.#ids.size))
    return id
  }
}
