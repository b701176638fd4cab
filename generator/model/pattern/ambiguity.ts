import type { Nfa } from './nfa.ts'
import { overlap } from './ranges.ts'

/** More than this is not looked into; what is not known counts as the worst. */
const mostSteps = 300_000

/**
 * In how many ways a text can be read, at worst (Weber and Seidl 1991): 0 for a bounded number, `d` for as many as the text is
 * long to the power `d`, infinite for exponentially many, undefined where that takes too long to tell. A backtracking engine
 * tries them all.
 */
export function ambiguity(nfa: Nfa): number | undefined {
  const budget = { left: mostSteps }
  const loops = components(nfa)
  for (const loop of loops) if (leadsBackTwice(nfa, loop, budget)) return Number.POSITIVE_INFINITY
  // A chain of loops, where a text can stay in one, or in the next, or pass from one to the other.
  const degrees = new Map<ReadonlySet<number>, number>()
  const degree = (loop: ReadonlySet<number>): number => {
    const known = degrees.get(loop)
    if (known !== undefined) return known
    let most = 0
    const reached = reachable(nfa, loop)
    for (const next of loops) {
      if (next === loop || ![...next].some((state) => reached.has(state))) continue
      const beyond = degree(next)
      if (beyond < most && budget.left > 0) continue
      most = Math.max(most, beyond + (passes(nfa, loop, next, reached, budget) ? 1 : 0))
    }
    degrees.set(loop, most)
    return most
  }
  const worst = Math.max(0, ...loops.map(degree))
  return budget.left > 0 ? worst : undefined
}

interface Budget {
  left: number
}

function leadsBackTwice({ reads, follow }: Nfa, loop: ReadonlySet<number>, budget: Budget): boolean {
  const size = reads.length
  for (const start of loop) {
    // Pairs of states that two ways from `start` can be in after the same text, and whether the ways have parted.
    const seen = new Set<number>()
    const pending: [number, number, boolean][] = [[start, start, false]]
    while (pending.length > 0) {
      const [a, b, parted] = pending.pop()!
      for (const [x, ways] of follow[a]!) {
        if (!loop.has(x)) continue
        for (const y of follow[b]!.keys()) {
          if (!loop.has(y) || (x !== y && !overlap(reads[x]!, reads[y]!))) continue
          const now = parted || x !== y || (a === b && ways === 'several')
          if (x === start && y === start && now) return true
          const key = (x * size + y) * 2 + (now ? 1 : 0)
          if (seen.has(key)) continue
          if (budget.left-- <= 0) return false
          seen.add(key)
          pending.push([x, y, now])
        }
      }
    }
  }
  return false
}

/** Whether some text leads from a state p of `from` to p, from p to a state q of `to`, and from q to q. */
function passes(
  { reads, follow }: Nfa,
  from: ReadonlySet<number>,
  to: ReadonlySet<number>,
  between: ReadonlySet<number>,
  budget: Budget,
): boolean {
  const size = reads.length
  for (const p of from) {
    for (const q of to) {
      const seen = new Set<number>()
      const pending: [number, number, number][] = [[p, p, q]]
      while (pending.length > 0) {
        const [a, b, c] = pending.pop()!
        for (const x of follow[a]!.keys()) {
          if (!from.has(x)) continue
          for (const z of follow[c]!.keys()) {
            if (!to.has(z) || !overlap(reads[x]!, reads[z]!)) continue
            for (const y of follow[b]!.keys()) {
              if (!between.has(y) || !overlap(reads[x]!, reads[y]!) || !overlap(reads[y]!, reads[z]!)) continue
              if (x === p && y === q && z === q) return true
              const key = (x * size + y) * size + z
              if (seen.has(key)) continue
              if (budget.left-- <= 0) return true
              seen.add(key)
              pending.push([x, y, z])
            }
          }
        }
      }
    }
  }
  return false
}

function reachable({ follow }: Nfa, from: Iterable<number>): Set<number> {
  const seen = new Set<number>()
  for (const state of from) for (const next of follow[state]!.keys()) seen.add(next)
  // A set grows while it is walked.
  for (const state of seen) for (const next of follow[state]!.keys()) seen.add(next)
  return seen
}

/** States that lead back to themselves, those that lead to each other together. */
function components(nfa: Nfa): ReadonlySet<number>[] {
  const reach = nfa.follow.map((_, state) => reachable(nfa, [state]))
  const found: Set<number>[] = []
  const done = new Set<number>()
  for (const [state, reached] of reach.entries()) {
    if (done.has(state) || !reached.has(state)) continue
    const loop = new Set([...reached].filter((other) => reach[other]!.has(state)))
    for (const other of loop) done.add(other)
    found.push(loop)
  }
  return found
}
