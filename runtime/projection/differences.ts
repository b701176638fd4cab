import type { Ballot } from './ballot.ts'
import type { State } from './states.ts'

/** By index in the table of names, and whether items are among them. */
export interface Differences {
  readonly members: readonly number[]
  readonly items: boolean
}

/** What a state declares otherwise than another; null where that cannot be told by names. */
export function differencesOf(state: State, other: State): Differences | null {
  if (state.isAny || other.isAny || state.hasOthers || other.hasOthers) return null
  // What the other alone declares has been cut, wherever it was.
  if (other.table.values.some(({ name }) => state.member(name) === undefined)) return null
  const members = state.table.values.flatMap((member, index) =>
    member.isLike(other.member(member.name)) ? [] : [index],
  )
  let items = state.item(state.prefix) !== other.item(state.prefix)
  for (let index = 0; index < state.prefix; index++) items ||= state.item(index) !== other.item(index)
  return { members, items }
}

/** Whether what was cut by a guess is cut just as it should have been. */
export function isCutAs(guess: State, settled: State, ballot: Ballot, declared: State): boolean {
  if (guess === settled) return true
  // What alternatives bring further choices has not been guessed.
  const differences = settled.choices.length > declared.choices.length ? null : guess.differencesTo(settled)
  if (differences === null || differences.items) return false
  const indexes = guess.indexesIn(ballot.node)
  return differences.members.every((index) => indexes[index]! >= 0 && !ballot.hasMet(indexes[index]!))
}
