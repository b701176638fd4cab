import type { Automaton } from '../../../runtime/validation/automaton.ts'
import { patternKind } from '../pattern.ts'
import { ambiguity } from './ambiguity.ts'
import { automatonOf } from './automaton.ts'
import { nfaOf } from './nfa.ts'
import { readPattern, type Syntax } from './syntax.ts'

/**
 * What a pattern is run with, so that no text makes it slow.
 *
 * - `ordinary`: RegExp; time grows as the text does
 * - `automaton`: RegExp for texts up to so many UTF-16 units, an automaton beyond
 * - `bounded`: RegExp, and longer texts do not match: only a backtracking engine takes it
 * - `never`: exponential, and only a backtracking engine takes it
 */
export type Engine =
  | { readonly kind: 'ordinary' | 'never' }
  | { readonly kind: 'automaton'; readonly upTo: number; readonly exponential: boolean; readonly automaton: Automaton }
  | { readonly kind: 'bounded'; readonly upTo: number }

const known = new Map<string, Engine>()

export function engineOf(pattern: string): Engine {
  let engine = known.get(pattern)
  if (engine === undefined) known.set(pattern, (engine = choose(pattern)))
  return engine
}

/** Whether names, which are of a few hundred units at most, can be matched with it by RegExp alone. */
export function isQuickForNames(pattern: string): boolean {
  const engine = engineOf(pattern)
  return engine.kind === 'ordinary' || ('upTo' in engine && engine.upTo >= longest(1, fewSteps))
}

/** How long names can be that RegExp alone matches with it, where that is less than a few hundred units. */
export function longestName(pattern: string): { readonly upTo?: number } {
  if (isQuickForNames(pattern)) return {}
  const engine = engineOf(pattern)
  // Twenty letters can be read in a million ways at most where each can be read in two.
  return { upTo: Math.max(20, 'upTo' in engine ? engine.upTo : 0) }
}

/** Steps that a text may cost where there is an automaton for longer ones, and where there is none. */
const fewSteps = 65_000
const manySteps = 1_000_000

function choose(pattern: string): Engine {
  const kind = patternKind(pattern)
  if (kind !== 'unicode' && kind !== 'legacy') return { kind: 'ordinary' }
  const { syntax, irregular } = readPattern(pattern, kind === 'unicode' ? 'u' : '')
  if (!hasLoop(syntax)) return { kind: 'ordinary' }
  const nfa = nfaOf(syntax)
  const ways = nfa === undefined ? undefined : ambiguity(nfa)
  if (ways === 0) return { kind: 'ordinary' }
  const automaton = irregular ? undefined : automatonOf(syntax)
  const exponential = ways === Number.POSITIVE_INFINITY
  if (automaton !== undefined) return { kind: 'automaton', upTo: longest(ways, fewSteps), exponential, automaton }
  if (exponential) return { kind: 'never' }
  return { kind: 'bounded', upTo: longest(ways ?? 3, manySteps) }
}

/** A text of this length is read in so many ways, each as long as it is. */
function longest(ways: number | undefined, steps: number): number {
  return ways === undefined || ways === Number.POSITIVE_INFINITY ? 0 : Math.floor(steps ** (1 / (ways + 1)))
}

/** Without a loop a search takes a bounded time at each place. */
function hasLoop(syntax: Syntax): boolean {
  if (syntax.kind === 'repeat') return syntax.most > 8 || hasLoop(syntax.body)
  if ('parts' in syntax) return syntax.parts.some(hasLoop)
  return 'body' in syntax && syntax.body !== undefined && (syntax.kind === 'back' || hasLoop(syntax.body))
}
