import type { Answer } from './answer.ts'
import type { Cors } from './cors.ts'
import type { Exchange } from './exchange.ts'
import type { OpenTunnel } from './tunnel.ts'

/** What is left of the way: the policies further in, and at the end the upstream. */
export type Next = (exchange: Exchange) => Answer | Promise<Answer>

/**
 * A policy wraps the rest of the way, once, at start. One that only looks at the request ends with
 * `return next(exchange)` and is not `async`: a promise per policy is 5 % of a request.
 * It refuses by throwing a {@link import('./rejection.ts').Rejection}.
 */
export interface Policy {
  (next: Next): Next
  /** Of the policy that says which pages may call: the server needs it for what never gets as far as a policy. */
  readonly cors?: Cors
  /** Of the policy that lets clients change the protocol: what then happens to the connection. */
  readonly tunnel?: OpenTunnel
}
