import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Next } from '../../core/policy.ts'

/** What goes to the upstream of a request, beside its body. Lists are replaced, not changed: others read them too. */
export type Outgoing = Pick<Exchange, 'headers' | 'query'>

/** Sends a request with these fields and this query instead of the exchange's own. */
export type Send = (exchange: Exchange, outgoing: Outgoing) => Promise<Answer>

/** A credential as an upstream is given it: the way requests take with it. */
export interface UpstreamAuth {
  readonly fault: string | undefined
  /** @param method the upstream's, where it differs from the caller's */
  wrap(send: Send, method: string | undefined): Next
}

/** What the service shows an upstream to be let in, in place of whatever the caller gave. */
export interface UpstreamCredential {
  /** Why it can never work, as a sentence for whoever deploys the service. */
  readonly fault?: string | undefined
  /**
   * Puts the credential in, and the caller's out. A promise only while it has to be fetched.
   * @throws Rejection 502 or 503 where it cannot be had
   */
  present(outgoing: Outgoing): void | Promise<void>
  /**
   * Told that the upstream did not accept what `outgoing` carries.
   * @returns whether there is another credential by now, so that the request may be sent once more
   */
  refused?(outgoing: Outgoing): Promise<boolean>
  /** Takes it out of an answer that repeats it. */
  readonly withhold?: ((answer: Answer) => void) | undefined
}

/** Whether text can stand in a field as it is (RFC 9110 §5.5), without what recipients trim or replace. */
export function isFieldText(text: string): boolean {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text)
}
