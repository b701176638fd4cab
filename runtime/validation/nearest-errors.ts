import type { ValidationError } from '../core/validator.ts'

/**
 * Thins the errors of an `anyOf` or `oneOf` that no branch passed: a caller who meant one form is told what that form
 * lacks, not what all the others lack too. Keeps the errors of the one branch that fits the value best, or of none where
 * several fit equally; the union's own error is added after them.
 *
 * @param errors what has been found so far, the branches' errors last; shortened in place
 * @param ends where the errors of each branch end in `errors`; the first entry is where the first branch begins
 * @param at the place of the union's value
 */
export function nearestErrors(errors: ValidationError[], ends: readonly number[], at: string): ValidationError[] {
  const start = ends[0]!
  let best: ValidationError[] | undefined
  let bestRank = Number.POSITIVE_INFINITY
  let tied = false
  for (let i = 1; i < ends.length; i++) {
    const branch = errors.slice(ends[i - 1], ends[i])
    const rank = misfit(branch, at)
    if (rank < bestRank) {
      best = branch
      bestRank = rank
      tied = false
    } else if (rank === bestRank) {
      tied = true
    }
  }
  errors.length = start
  if (best !== undefined && !tied && bestRank < wrongKind) for (const error of best) errors.push(error)
  return errors
}

/** From here on a branch is not what the caller meant at all. */
const wrongKind = 1_000_000

/** How far a branch is from the value: another type or another tag is farther than anything inside. */
function misfit(branch: readonly ValidationError[], at: string): number {
  let rank = 0
  for (const { instancePath, keyword } of branch) {
    if (instancePath === at) {
      if (keyword === 'type' || keyword === 'const' || keyword === 'enum' || keyword === 'false schema') {
        return wrongKind
      }
      rank += keyword === 'required' ? 2 : 3
    } else if ((keyword === 'const' || keyword === 'enum') && !instancePath.slice(at.length + 1).includes('/')) {
      // A constant member is how authors tell forms apart without a discriminator.
      rank += 100
    } else {
      rank += 1
    }
  }
  return rank
}
