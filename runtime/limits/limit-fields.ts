import type { Exchange } from '../core/exchange.ts'
import type { Ruling } from './algorithm.ts'

/**
 * Which fields tell the caller about the limit:
 * - `draft`: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11), one line of each per limit;
 * - `legacy`: `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds since the epoch) of the tightest limit.
 */
export type LimitHeaders = 'draft' | 'legacy' | 'both' | 'none'

/** What writes the fields of one limit, where it has any. */
export interface LimitFields {
  readonly draft?: WriteFields
  readonly legacy?: WriteFields
}

export type WriteFields = (exchange: Exchange, ruling: Ruling) => void

/** A limit as the caller is told of it. */
export interface ToldLimit {
  readonly name: string
  readonly quota: number
  /** Undefined where windows are of different lengths, as months are. */
  readonly windowMs: number | undefined
}

export function limitFields(limit: ToldLimit, headers: LimitHeaders): LimitFields {
  return {
    ...(headers === 'draft' || headers === 'both' ? { draft: draftFields(limit) } : {}),
    ...(headers === 'legacy' || headers === 'both' ? { legacy: legacyFields(limit) } : {}),
  }
}

function draftFields({ name, quota, windowMs }: ToldLimit): WriteFields {
  const item = sfString(name)
  // §3.1.3: whole seconds, and not zero; a window that is none is not told.
  const window = windowMs !== undefined && windowMs % 1000 === 0 ? `;w=${windowMs / 1000}` : ''
  const policy = `${item};q=${quota}${window}`
  return ({ replyFields }, { remaining, effectiveMs }) => {
    replyFields.push('RateLimit-Policy', policy, 'RateLimit', `${item};r=${remaining};t=${wholeSeconds(effectiveMs)}`)
  }
}

function legacyFields({ quota }: ToldLimit): WriteFields {
  const limit = String(quota)
  return ({ replyFields }, { remaining, effectiveMs }) => {
    const reset = Math.ceil((Date.now() + effectiveMs) / 1000)
    replyFields.push('X-RateLimit-Limit', limit, 'X-RateLimit-Remaining', String(remaining))
    replyFields.push('X-RateLimit-Reset', String(reset))
  }
}

/** Rounded up: who waits so long has waited long enough. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000))
}

/** A String of RFC 9651 §3.3.3; the compiler lets only printable ASCII through. */
function sfString(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
