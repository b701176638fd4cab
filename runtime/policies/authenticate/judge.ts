import type { Consumer } from '../../core/consumer.ts'
import type { Rejection } from '../../core/rejection.ts'
import type { Verdict } from '../../core/verifier.ts'

/** What a verifier says, or that it cannot tell at the moment, and what it answers then. */
export type Opinion = Verdict | { readonly outcome: 'undecided'; readonly reason: Rejection }

/** All of these, each with what it asks of who has been verified by it. */
export type Requirement = readonly {
  /** Into the list of verifiers. */
  readonly index: number
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
}[]

/** How a request may go on, or why not. */
export type Decision =
  /** `by`: into the list of verifiers; undefined where nobody was verified. */
  | { readonly outcome: 'admitted'; readonly consumer: Consumer | undefined; readonly by: number | undefined }
  | { readonly outcome: 'unauthorized' | 'forbidden' }
  | { readonly outcome: 'undecided'; readonly reason: Rejection }

const nobody: Decision = { outcome: 'admitted', consumer: undefined, by: undefined }
const unauthorized: Decision = { outcome: 'unauthorized' }
const forbidden: Decision = { outcome: 'forbidden' }

/** The decision, or the index of the verifier that must speak first. */
export function judge(
  requirements: readonly Requirement[],
  opinions: readonly Opinion[],
  verifiers: number,
  optional: boolean,
): Decision | number {
  let isWeak = false
  let unvouched = optional
  let undecided: Rejection | undefined
  for (const requirement of requirements) {
    const found = meets(requirement, opinions)
    if (typeof found === 'number') return found
    if (found === 'unmet') continue
    if (found === 'weak') isWeak = true
    else if (found === 'unvouched') unvouched = true
    else if (found.outcome === 'undecided') undecided ??= found.reason
    else return found
  }
  if (undecided !== undefined) return { outcome: 'undecided', reason: undecided }
  if (isWeak) return forbidden
  if (!unvouched) return unauthorized
  for (let index = 0; index < verifiers; index++) {
    const opinion = opinions[index]
    if (opinion === undefined) return index
    if (opinion.outcome === 'invalid') return unauthorized
    // A credential that nobody could judge does not turn into an anonymous call.
    if (opinion.outcome === 'undecided') return opinion
  }
  return nobody
}

/** What one requirement makes of it; a scheme that says no ends it, whatever another could not say. */
function meets(
  requirement: Requirement,
  opinions: readonly Opinion[],
): Decision | 'unmet' | 'weak' | 'unvouched' | number {
  let consumer: Consumer | undefined
  let by: number | undefined
  let undecided: Rejection | undefined
  for (const { index, scopes, roles } of requirement) {
    const opinion = opinions[index]
    if (opinion === undefined) return index
    if (opinion.outcome === 'present') continue
    if (opinion.outcome === 'undecided') {
      undecided ??= opinion.reason
      continue
    }
    if (opinion.outcome !== 'verified') return 'unmet'
    if (!holds(opinion.consumer, scopes, roles)) return 'weak'
    if (consumer !== undefined) continue
    consumer = opinion.consumer
    by = index
  }
  if (undecided !== undefined) return { outcome: 'undecided', reason: undecided }
  return consumer === undefined ? 'unvouched' : { outcome: 'admitted', consumer, by }
}

/** Whether a caller has been granted all of it. */
export function holds(consumer: Consumer, scopes: readonly string[], roles: readonly string[]): boolean {
  return (
    scopes.every((scope) => consumer.scopes.includes(scope)) && roles.every((role) => consumer.roles.includes(role))
  )
}
