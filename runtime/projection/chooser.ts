import type { ShapeAlternative, ShapeChoice } from './shape.ts'
import type { State, States } from './states.ts'

/**
 * Decides which alternatives of a schema hold for a value: by discriminator where there is one, else by what the schemas of
 * the alternatives accept. What none of them accepts has nothing declared of it.
 */
export class Chooser {
  readonly #states: States
  readonly #takesAll: boolean
  readonly #decided = new Map<State, WeakMap<object, State>>()
  readonly #opened = new Map<State, State>()
  /** What may be anything. */
  readonly anything: State

  /** @param takesAll every alternative counts, whatever the value is: for hiding members where nothing else is removed */
  constructor(states: States, takesAll: boolean) {
    this.#states = states
    this.#takesAll = takesAll
    this.anything = states.of([])
  }

  /** @param value parsed; an object or an array */
  decide(state: State, value: unknown): State {
    if (state.choices.length === 0) return state
    if (this.#takesAll || typeof value !== 'object' || value === null) return this.#open(state)
    let decided = this.#decided.get(state)
    if (decided === undefined) this.#decided.set(state, (decided = new WeakMap()))
    let found = decided.get(value)
    if (found === undefined) decided.set(value, (found = this.#settle(state, value)))
    return found
  }

  #open(state: State): State {
    let opened = this.#opened.get(state)
    if (opened === undefined) this.#opened.set(state, (opened = this.#settle(state, undefined)))
    return opened
  }

  /** Alternatives may bring further choices: each is asked once. */
  #settle(
    state: State,
    value: object | undefined,
    first: readonly ShapeAlternative[] = [],
    asked: Iterable<ShapeChoice> = [],
  ): State {
    const seen = new Set(asked)
    const chosen = [...first]
    let settled = this.#states.extended(state, chosen)
    for (;;) {
      const open = settled.choices.filter((choice) => !seen.has(choice))
      if (open.length === 0) return settled
      for (const choice of open) {
        seen.add(choice)
        if (value !== undefined) chosen.push(...this.#matching(choice, state, value, seen))
        else if (this.#takesAll) chosen.push(...choice.of)
      }
      settled = this.#states.extended(state, chosen)
    }
  }

  #matching(
    choice: ShapeChoice,
    state: State,
    value: object,
    asked: ReadonlySet<ShapeChoice>,
  ): readonly ShapeAlternative[] {
    const { by, of, optional } = choice
    if (by !== undefined) {
      const named = byWord(choice, Object.hasOwn(value, by) ? (value as Record<string, unknown>)[by] : undefined)
      if (named.length > 0) return named
    }
    const judged = by === undefined ? of : of.filter(({ words }) => words === undefined)
    const matching = judged.filter((one) => holds(one, value))
    if (matching.length > 0 || optional === true) return matching
    // Alternatives that are closed (`additionalProperties: false`) refuse what is about to be removed: without it they may
    // accept the value. Only one of them, though: two that do would declare more than either.
    const almost = judged.filter(
      (one) => one.when?.(this.#pruned(this.#settle(state, value, [one], asked), value)) === true,
    )
    return almost.length === 1 ? almost : []
  }

  /** A copy with nothing that is not declared. Its depth has been judged. */
  #pruned(settled: State, value: object): unknown {
    if (settled.isAny) return value
    const inner = (state: State, member: unknown): unknown =>
      typeof member === 'object' && member !== null ? this.#pruned(this.decide(state, member), member) : member
    if (Array.isArray(value)) {
      return value.flatMap((item: unknown, index) => {
        const state = settled.item(index)
        return state === undefined ? [] : [inner(state, item)]
      })
    }
    const kept = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
      const declared = settled.member(name)
      return declared === undefined ? [] : [[name, inner(declared.state, member)]]
    })
    return Object.fromEntries(kept)
  }
}

function byWord({ of, otherwise }: ShapeChoice, word: unknown): readonly ShapeAlternative[] {
  const text = typeof word === 'string' ? word : typeof word === 'number' || typeof word === 'boolean' ? `${word}` : ''
  const named = of.filter(({ words }) => words?.includes(text) === true)
  if (named.length > 0 || otherwise === undefined) return named
  return of.filter(({ words }) => words?.includes(otherwise) === true)
}

function holds({ when, unless, has }: ShapeAlternative, value: object): boolean {
  if (has !== undefined) return Object.hasOwn(value, has)
  if (unless !== undefined) return !unless(value)
  return when?.(value) === true
}
