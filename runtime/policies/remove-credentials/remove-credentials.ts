import type { Policy } from '../../core/policy.ts'
import type { Verifier } from '../../core/verifier.ts'

export interface RemoveCredentialsOptions {
  /** Of schemes that other operations ask for. */
  readonly verifiers: readonly Verifier[]
}

/** Removes credentials that this operation does not ask for, and whose upstream has no use for them either. */
export function removeCredentials({ verifiers }: RemoveCredentialsOptions): Policy {
  return (next) => (exchange) => {
    for (const verifier of verifiers) verifier.remove(exchange)
    return next(exchange)
  }
}
