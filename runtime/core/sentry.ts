import type { Consumer } from './consumer.ts'
import type { ProblemKind } from './problem.ts'
import type { Rejection } from './rejection.ts'

/** What became of a request, as far as it says something of who sent it. */
export interface Seen {
  readonly address: string
  readonly consumer: Consumer | undefined
  readonly problem: ProblemKind
  /** Whether it belonged to an operation. */
  readonly isRouted: boolean
}

/** Who watches over the service before requests are routed, and learns what became of them. */
export interface Sentry {
  /** Why nobody from this address may call at the moment. */
  judge(address: string): Rejection | undefined
  /** Told of every problem a request has ended with. */
  saw(seen: Seen): void
}
