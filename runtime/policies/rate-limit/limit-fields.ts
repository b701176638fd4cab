import type { Exchange } from '../../core/exchange.ts'
import type { Ruling } from './algorithm.ts'

/**
 * Which fields tell the caller about the limit:
 * - `draft`: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11), one line of each per limit;
 * - `legacy`: `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds since the epoch) of the tightest limit.
 */
export type LimitHeaders = 'draft' | 'legacy' | 'both' | 'none'

export interface LimitFields {
  write(exchange: Exchange, ruling: Ruling): void
  /** Corrects what `write` said, for a request another limit refused. */
  rewrite(exchange: Exchange, remaining: number): void
}

/** A limit as the caller is told of it. */
export interface ToldLimit {
  readonly name: string
  readonly quota: number
  readonly windowMs: number
}

export function limitFields(limit: ToldLimit, headers: LimitHeaders): LimitFields {
  const parts = [
    ...(headers === 'draft' || headers === 'both' ? [draftFields(limit)] : []),
    ...(headers === 'legacy' || headers === 'both' ? [legacyFields(limit)] : []),
  ]
  return {
    write(exchange, ruling) {
      for (const part of parts) part.write(exchange, ruling)
    },
    rewrite(exchange, remaining) {
      for (const part of parts) part.rewrite(exchange, remaining)
    },
  }
}

function draftFields({ name, quota, windowMs }: ToldLimit): LimitFields {
  const item = sfString(name)
  // §3.1.3: whole seconds, and not zero; a window that is none is not told.
  const window = windowMs % 1000 === 0 ? `;w=${windowMs / 1000}` : ''
  const policy = `${item};q=${quota}${window}`
  return {
    write({ replyFields }, { remaining, effectiveMs }) {
      replyFields.push('RateLimit-Policy', policy, 'RateLimit', `${item};r=${remaining};t=${wholeSeconds(effectiveMs)}`)
    },
    rewrite({ replyFields }, remaining) {
      const at = replyFields.indexOf(policy) + 2
      if (at < 2) return
      replyFields[at] = replyFields[at]!.replace(/;r=\d+;t=/, `;r=${remaining};t=`)
    },
  }
}

const legacyNames = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'] as const

function legacyFields({ quota }: ToldLimit): LimitFields {
  return {
    write({ replyFields }, { admitted, remaining, effectiveMs }) {
      const reset = Math.ceil((Date.now() + effectiveMs) / 1000)
      const at = replyFields.indexOf(legacyNames[0])
      const fields = [legacyNames[0], String(quota), legacyNames[1], String(remaining), legacyNames[2], String(reset)]
      if (at < 0) replyFields.push(...fields)
      else if (!admitted || remaining <= Number(replyFields[at + 3])) replyFields.splice(at, fields.length, ...fields)
    },
    // What stands there by now is the limit that refused.
    rewrite() {},
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
