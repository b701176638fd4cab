import type { Answer } from '../../core/answer.ts'
import type { Entry } from './bucket.ts'
import { forwardedStatus } from './cache-status.ts'
import type { Look } from './look.ts'
import type { CachingOptions } from './settings.ts'
import { isFailure, standsIn } from './stand-in.ts'
import { storedAnswer } from './stored-answer.ts'

/** @param failure what was thrown, or the status of the upstream's answer */
export function standInAnswer(options: CachingOptions, look: Look, entry: Entry, failure: unknown): Answer | undefined {
  const { store, staleIfError, status } = options
  if (!standsIn(entry, failure, store.now(), staleIfError)) return undefined
  const { exchange, asked } = look
  exchange.record('cache', 'stood-in')
  const answered = isFailure(failure) ? failure.status : (failure as number)
  const text = status ? forwardedStatus('stale', answered, { detail: 'stale-if-error' }) : undefined
  return storedAnswer(entry, asked, exchange.method, store.now(), text)
}
