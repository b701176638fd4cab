import type { Answer } from '../../core/answer.ts'
import { type Fields, fieldValue } from '../../core/headers.ts'
import type { Entry } from './bucket.ts'
import { judge } from './keeping.ts'
import type { Look } from './look.ts'
import type { CachingOptions } from './settings.ts'
import { freshened, type StoredResponse } from './stored-response.ts'

/**
 * RFC 9111 §4.3.5: a 200 to HEAD updates the stored response where it speaks of the same representation; "otherwise, the
 * cache SHOULD consider the stored response to be stale": we forget it.
 * @param request when the request was made, in ms
 */
export function updateByHead(options: CachingOptions, look: Look, entry: Entry, answer: Answer, request: number): void {
  const { store, mode, ttl } = options
  // It was replaced or forgotten while the request was under way.
  if (store.find(look.resource, look.query) !== entry.bucket || !entry.bucket.holds(entry)) return
  if (answer.status !== 200) {
    if (answer.status === 404 || answer.status === 410) store.discard(entry)
    return
  }
  if (!isOfSame(entry.response, answer.headers)) {
    store.discard(entry)
    return
  }
  const times = { request, response: store.now() }
  const { arrival, response } = freshened(entry.response, answer.headers, times, mode === 'ttl' ? ttl : undefined)
  const verdict = judge(options, look, arrival)
  if ('audience' in verdict && verdict.audience === entry.audience) store.replace(entry, response)
  else store.discard(entry)
}

/** "… if the validators and Content-Length, where received, match". */
function isOfSame(stored: StoredResponse, fields: Fields): boolean {
  const etag = fieldValue(fields, 'etag')
  const modified = fieldValue(fields, 'last-modified')
  const length = fieldValue(fields, 'content-length')
  if (etag !== undefined && etag !== stored.etag) return false
  if (modified !== undefined && modified !== stored.lastModified) return false
  return length === undefined || Number(length) === stored.body.length
}
