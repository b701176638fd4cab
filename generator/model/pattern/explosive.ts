import { type Nfa, nfaOf, type Ranges } from './nfa.ts'

/** How a pattern that takes exponential time can be run all the same. */
export type Explosive =
  /** V8's other engine takes time in proportion to the text; it knows no flag `u`, which changes nothing here. */
  | 'linear'
  /** It needs what only a backtracking engine has. */
  | 'never'

const known = new Map<string, Explosive | undefined>()

/**
 * Whether some text makes a backtracking engine try exponentially many ways: a state that leads back to itself by two ways
 * over the same text (exponential ambiguity; Weber and Seidl 1991). `(a+)+`, `(a|a)*`, `(\w+\s?)*` do.
 */
export function explosive(pattern: string): Explosive | undefined {
  if (!known.has(pattern)) known.set(pattern, judge(pattern))
  return known.get(pattern)
}

function judge(pattern: string): Explosive | undefined {
  // Only what is repeated within a repetition, or has alternatives in one, can be.
  if (!/\)(?:[*+]|\{\d+,\})/.test(pattern)) return undefined
  const nfa = nfaOf(pattern)
  if (nfa === undefined || !isAmbiguous(nfa)) return undefined
  return !nfa.irregular && isSameWithoutUnicode(pattern) && runsLinear(pattern) ? 'linear' : 'never'
}

/** V8 says itself what its linear engine takes. */
function runsLinear(pattern: string): boolean {
  process.getBuiltinModule('node:v8').setFlagsFromString('--enable-experimental-regexp-engine')
  try {
    return new RegExp(pattern, 'l') instanceof RegExp
  } catch {
    return false
  }
}

function isAmbiguous({ reads, follow }: Nfa): boolean {
  const size = reads.length
  for (let start = 0; start < size; start++) {
    if (!reaches(follow, start)) continue
    // Pairs of states that two ways from `start` can be in after the same text, and whether the ways have parted.
    const seen = new Set<number>()
    const pending: [number, number, boolean][] = [[start, start, false]]
    while (pending.length > 0) {
      const [a, b, parted] = pending.pop()!
      for (const [x, ways] of follow[a]!) {
        for (const y of follow[b]!.keys()) {
          if (x !== y && !overlap(reads[x]!, reads[y]!)) continue
          const now = parted || x !== y || (a === b && ways === 'several')
          if (x === start && y === start && now) return true
          const key = (x * size + y) * 2 + (now ? 1 : 0)
          if (seen.has(key)) continue
          if (seen.size > mostPairs) return false
          seen.add(key)
          pending.push([x, y, now])
        }
      }
    }
  }
  return false
}

const mostPairs = 50_000

function reaches(follow: Nfa['follow'], start: number): boolean {
  const seen = new Set(follow[start]!.keys())
  // A set grows while it is walked.
  for (const state of seen) {
    if (state === start) return true
    for (const next of follow[state]!.keys()) seen.add(next)
  }
  return false
}

function overlap(a: Ranges, b: Ranges): boolean {
  return a.some(([from, to]) => b.some(([start, end]) => from <= end && start <= to))
}

/** Without the flag `u` a character beyond U+FFFF is two: the same where such are read by any number at once, or not at all. */
function isSameWithoutUnicode(pattern: string): boolean {
  if (/\\[pP]\{|\\u\{|[\u{10000}-\u{10ffff}]|\\u[dD][89a-fA-F]/u.test(pattern)) return false
  const wide = /\\.|\[\^(?:\\.|[^\]\\])*\]|\[(?:\\.|[^\]\\])*\]|\./gu
  for (const found of pattern.matchAll(wide)) {
    const isWide =
      found[0] === '.' || /^\\[DWS]$/.test(found[0]) || (found[0].startsWith('[') && /^\[\^|\\[DWS]/.test(found[0]))
    if (isWide && !/^[*+]/.test(pattern.slice(found.index + found[0].length))) return false
  }
  return true
}
