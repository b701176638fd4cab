import type { Answer } from '../../core/answer.ts'
import { fieldValue } from '../../core/headers.ts'
import { type Forwarded, forwardedStatus } from './cache-status.ts'
import type { CopiedBody } from './copy.ts'
import { judge } from './keeping.ts'
import type { Look } from './look.ts'
import { judgeUse } from './reuse.ts'
import type { CachingOptions } from './settings.ts'
import { type Arrival, currentAge, storedResponse } from './stored-response.ts'
import { selectingKey, varyNames } from './vary.ts'

/** An answer on its way to the client that asked first. */
export interface Passing {
  readonly look: Look
  readonly arrival: Arrival
  readonly audience: string
  readonly body: CopiedBody
  readonly forwarded: Forwarded
  /** Whether it has been overtaken by a change. */
  readonly isSpoiled: () => boolean
}

/**
 * Whom else the answer suits, by the same rules as if it were stored already: the same variant, the same audience, fresh
 * by what the request asks for. Others, and those who want a part of it or have it already, wait until it is stored.
 */
export function joining(options: CachingOptions, passing: Passing): (look: Look) => Answer | undefined {
  const { arrival, audience, body, forwarded, look: first } = passing
  const names = varyNames(arrival.fields)
  const head = storedResponse(arrival, Buffer.alloc(0))
  const variant = names === undefined ? undefined : selectingKey(names, first.exchange.headers)
  const length = fieldValue(arrival.fields, 'content-length')
  return (look) => {
    const { asked, exchange } = look
    if (names === undefined || passing.isSpoiled()) return undefined
    if (asked.range !== undefined || asked.ifNoneMatch !== undefined || asked.ifModifiedSince !== undefined)
      return undefined
    if (selectingKey(names, exchange.headers) !== variant) return undefined
    const verdict = judge(options, look, arrival)
    if (!('audience' in verdict) || verdict.audience !== audience) return undefined
    const now = options.store.now()
    if (judgeUse(head, asked.directives, now, 0) !== 'fresh') return undefined
    const followed = body.follow()
    if (followed === undefined) return undefined
    // The first client may leave: the upstream is asked for the others now.
    first.exchange.underway = undefined
    exchange.record('cache', 'collapsed')
    const headers = [...head.fields, 'Age', String(Math.floor(currentAge(head, now)))]
    if (length !== undefined) headers.push('Content-Length', length)
    if (options.status) headers.push('Cache-Status', forwardedStatus(forwarded, undefined, { collapsed: true }))
    return { status: head.status, headers, body: followed }
  }
}
