import { type Automaton, AutomatonRunner } from './automaton.ts'

/** What compiled validators ask of a pattern. */
export interface TextPattern {
  test(text: string): boolean
}

/**
 * A pattern that some texts would make a backtracking engine slow with: such an engine runs it up to so many UTF-16 units,
 * where that is quick whatever they are, and an automaton beyond, in time that grows as the text does.
 */
export function linearPattern(source: string, flags: 'u' | '', upTo: number, automaton: Automaton): TextPattern {
  const regExp = new RegExp(source, flags)
  let runner: AutomatonRunner | undefined
  return {
    test(text) {
      if (text.length <= upTo) return regExp.test(text)
      runner ??= new AutomatonRunner(automaton, flags === 'u')
      return runner.test(text)
    },
  }
}
