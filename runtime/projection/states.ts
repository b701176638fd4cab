import { JudgeNodes } from './judge-node.ts'
import { KeyTable } from './key-table.ts'
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

/** A declared member of an object: all that any shape of the object says of it. */
export class Member {
  readonly name: string
  readonly isHidden: boolean
  /** One role of each list is needed to see it; empty: everybody may. */
  readonly visibleTo: readonly (readonly string[])[]
  /** Whether it tells which alternative holds. */
  readonly isTag: boolean
  readonly #shapes: readonly JsonShape[]
  readonly #states: States
  #state: State | undefined

  constructor(name: string, said: readonly PropertyShape[], isTag: boolean, states: States) {
    this.name = name
    this.isTag = isTag
    this.isHidden = said.includes('hidden')
    this.visibleTo = said.flatMap((one) => (isVisible(one) ? one.visibleTo : []))
    this.#shapes = said.map((one): JsonShape => (one === 'hidden' ? 'plain' : isVisible(one) ? one.value : one))
    this.#states = states
  }

  get state(): State {
    this.#state ??= this.#states.of(this.#shapes)
    return this.#state
  }
}

function isVisible(shape: PropertyShape): shape is Extract<PropertyShape, { visibleTo: unknown }> {
  return typeof shape === 'object' && 'visibleTo' in shape
}

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
  /** How many items are declared one by one. */
  readonly prefix: number
  readonly #parts: readonly StructuredShape[]
  readonly #states: States
  #table: KeyTable<Member> | undefined
  #byName: ReadonlyMap<string, Member> | undefined
  readonly #others = new Map<string, Member | undefined>()
  /** Null: not asked for yet. */
  #items: State | 'hidden' | undefined | null = null
  readonly #prefixed: (State | 'hidden' | undefined)[] = []

  constructor(shapes: readonly JsonShape[], flat: Flat, states: States) {
    this.shapes = shapes
    this.isAny = !flat.isSaid
    this.choices = [...flat.choices]
    this.#parts = [...flat.parts]
    this.#states = states
    this.hasOthers = this.#parts.some(
      ({ patterns, additional }) => patterns !== undefined || (additional ?? false) !== false,
    )
    this.prefix = Math.max(0, ...this.#parts.map((part) => part.prefix?.length ?? 0))
  }

  /** Members that are declared by name. */
  get table(): KeyTable<Member> {
    this.#table ??= this.#makeTable()
    return this.#table
  }

  /** The member of any name; undefined where it is not declared. */
  member(name: string): Member | undefined {
    this.#byName ??= new Map(this.table.values.map((member) => [member.name, member]))
    return this.#byName.get(name) ?? (this.hasOthers ? this.other(name) : undefined)
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
    for (const { properties, patterns, additional } of this.#parts) {
      const own: PropertyShape[] = []
      if (properties !== undefined && Object.hasOwn(properties, name)) own.push(properties[name]!)
      for (const one of patterns ?? []) if (this.#states.matches(one, name)) own.push(one.value)
      if (own.length > 0) isListed = true
      else if (additional === false) isClosed = true
      else if (additional !== undefined) own.push(additional)
      said.push(...own)
    }
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
    if (shape.heirs !== undefined && !isBase) flat.choices.add(shape.heirs)
    if (flat.parts.has(shape)) return
    flat.parts.add(shape)
    for (const choice of shape.choices ?? []) flat.choices.add(choice)
    for (const one of shape.all ?? []) this.#flatten(one, flat)
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
