import type { Consumer } from './consumer.ts'
import type { Exchange } from './exchange.ts'

/**
 * What a verifier makes of the credential of its scheme. Only `verified` vouches for anybody:
 *
 * - `absent`: there is no credential of this scheme;
 * - `present`: there is one, but nothing here can verify it; it is for the upstream to judge;
 * - `invalid`: there is one, and it is wrong. `malformed` where the request itself is at fault (a credential given
 *   twice, RFC 6750 §3.1 `invalid_request`): 400 instead of 401.
 */
export type Verdict =
  | { readonly outcome: 'verified'; readonly consumer: Consumer }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'present' }
  | {
      readonly outcome: 'invalid'
      /** A word of a small, closed set per verifier, for the log and metrics: `unknown`, `expired`, `ambiguous` … */
      readonly reason: string
      readonly malformed?: boolean
      /** What a challenge may tell the caller (RFC 6750 §3.1): never more than the scheme's RFC allows. */
      readonly error?: { readonly code: string; readonly description?: string }
    }

/** Why a challenge is sent: what the verifier said, and what the operation would have needed of a verified caller. */
export interface Refusal {
  readonly verdict: Verdict
  /** Scopes that were asked for; empty where none. */
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
}

/**
 * The runtime half of one security scheme. `authenticate` asks it; it never lets a request through by itself, and when
 * it cannot tell (its source is out of reach) it throws: an undecided credential is never a success.
 */
export interface Verifier {
  /** The scheme's name in the document. */
  readonly scheme: string
  /** Looks at the exchange and changes nothing. A promise only where the verifier must wait for somebody. */
  verify(exchange: Exchange): Verdict | Promise<Verdict>
  /**
   * One challenge of `WWW-Authenticate` (RFC 9110 §11.6.1). Asked with a verified verdict where the caller lacks scopes
   * or roles (403): undefined where the scheme has nothing to say to that.
   */
  challenge(refusal: Refusal): string | undefined
  /** Takes the scheme's credential out of what is forwarded, in every form it may have; does nothing where it is to be forwarded. */
  remove(exchange: Exchange): void
  /** Where the credential is forwarded, and stands elsewhere than in `Authorization`: how to tell what the upstream got. */
  readonly forwarded?: CredentialReader
}

/** What it reads is only compared. */
export interface CredentialReader {
  read(from: Pick<Exchange, 'headers' | 'query'>): unknown
}

export const absent: Verdict = { outcome: 'absent' }
export const present: Verdict = { outcome: 'present' }
/** The credential was given more than once: which one the upstream would take is unknown, so none is taken. */
export const ambiguous: Verdict = { outcome: 'invalid', reason: 'ambiguous', malformed: true }

/** Text as a quoted-string (RFC 9110 §5.6.4); what a field value cannot carry is replaced. */
export function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`
}
