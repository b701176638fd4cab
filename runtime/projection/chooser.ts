import { byWord } from './by-word.ts'
import type { JudgeNodes } from './judge-node.ts'
import type { ShapeAlternative, ShapeChoice } from './shape.ts'
import type { State, States } from './states.ts'
import { TextChoices } from './text-choice.ts'

/**
 * Decides which alternatives of a schema hold for a value: by discriminator where there is one, else by what the schemas of
 * the alternatives accept. What none of them accepts has nothing declared of it.
 */
export class Chooser {
  readonly #states: States
  readonly #takesAll: boolean
  readonly #decided = new Map<State, WeakMap<object, State>>()
  /** How the text of values decides. */
  readonly byText: TextChoices
  readonly judged: JudgeNodes
  readonly #opened = new Map<State, State>()
  /** What may be anything. */
  readonly anything: State

  /** @param takesAll every alternative counts, whatever the value is: for hiding members where nothing else is removed */
  constructor(states: States, takesAll: boolean) {
    this.#states = states
    this.judged = states.judged
    this.byText = new TextChoices(states)
    this.#takesAll = takesAll
    this.anything = states.of([])
  }

  /** @param value parsed; an object or an array. Undefined where all alternatives are taken. */
  decide(state: State, value: unknown): State {
    if (state.choices.length === 0) return state
    if (typeof value !== 'object' || value === null) return this.#open(state)
    return this.#decided.get(state)?.get(value) ?? this.#settle(state, value)
  }

  #remembered(state: State, value: object): State {
    let decided = this.#decided.get(state)
    if (decided === undefined) this.#decided.set(state, (decided = new WeakMap()))
    let found = decided.get(value)
    if (found === undefined) decided.set(value, (found = this.decide(state, value)))
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
    const [one] = state.choices
    if (first.length === 0 && one !== undefined && state.choices.length === 1 && value !== undefined) {
      // Nearly always there is one choice, what it brings has none, and one alternative accepts the value.
      const only = one.by === undefined ? soleMatch(one, value) : undefined
      const next = only === undefined ? undefined : this.#states.extended(state, [only])
      if (next?.choices.length === 1) return next
      const settled = this.#states.extended(state, this.#matching(one, state, value, new Set([one])))
      if (settled.choices.length === 1) return settled
    }
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
      (one) =>
        one.when?.(this.#pruned(this.#settle(state, value, [one], asked), value, this.#states.of([one.value]))) ===
        true,
    )
    return almost.length === 1 ? almost : []
  }

  /**
   * What is left without what is not declared; the value itself where that is all of it.
   * @param own what an alternative declares by itself stays, so that it is judged by it even where others do not allow it
   */
  #pruned(settled: State, value: object, own?: State): unknown {
    // Conditions might be judged otherwise than they are of the whole value.
    if (settled.isAny || settled.choices.some(({ optional }) => optional === true)) return value
    let isChanged = false
    const inner = (state: State, member: unknown): unknown => {
      const left = this.#prunedInner(state, member)
      if (left !== member) isChanged = true
      return left
    }
    if (Array.isArray(value)) {
      const items: unknown[] = []
      for (let index = 0; index < value.length; index++) {
        const state = settled.item(index)
        if (state === undefined) isChanged = true
        else items.push(state === 'hidden' ? value[index] : inner(state, value[index]))
      }
      return isChanged ? items : value
    }
    const kept: [string, unknown][] = []
    for (const name of Object.keys(value)) {
      const declared = settled.member(name) ?? own?.member(name)
      if (declared === undefined) isChanged = true
      else kept.push([name, inner(declared.state, (value as Record<string, unknown>)[name])])
    }
    // A member may be called `__proto__`.
    return isChanged ? Object.fromEntries(kept) : value
  }

  #prunedInner(state: State, member: unknown): unknown {
    if (typeof member !== 'object' || member === null) return member
    if (state.choices.length === 0) return this.#pruned(state, member)
    const chosen = this.#remembered(state, member)
    // What no alternative accepts must stay, so that it is refused here as well.
    return chosen === state ? member : this.#pruned(chosen, member)
  }
}

/** The one alternative that holds; undefined where it is none or several. */
function soleMatch({ of }: ShapeChoice, value: object): ShapeAlternative | undefined {
  let found: ShapeAlternative | undefined
  for (const one of of) {
    if (!holds(one, value)) continue
    if (found !== undefined) return undefined
    found = one
  }
  return found
}

function holds({ when, unless, has }: ShapeAlternative, value: object): boolean {
  if (has !== undefined) return Object.hasOwn(value, has)
  if (unless !== undefined) return !unless(value)
  return when?.(value) === true
}
