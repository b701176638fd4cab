import { type Answer, isStreamed } from '../../core/answer.ts'
import { fieldValue } from '../../core/headers.ts'
import { everybody } from './bucket.ts'
import { CopiedBody } from './copy.ts'
import type { Times } from './freshness.ts'
import type { Look } from './look.ts'
import { directivesOf } from './request.ts'
import type { CachingOptions } from './settings.ts'
import { judgeStorage, type Refusal } from './storable.ts'
import { type Arrival, readArrival, type StoredResponse, storedResponse } from './stored-response.ts'

/** Where an answer may go, or the word for why it goes nowhere. */
export type Verdict = { readonly audience: string } | { readonly refusal: Refusal | 'too-large' | 'busy' }

/** RFC 9111 §3 for this request, this caller and these options. */
export function judge(options: CachingOptions, look: Look, arrival: Arrival): Verdict {
  const { asked, caller } = look
  const storability = judgeStorage({
    ...arrival,
    requestDirectives: directivesOf(asked),
    isAuthenticated: caller.isAuthenticated,
    credentials: options.credentials ?? [],
    hasCookies: asked.hasCookies,
  })
  if (!storability.storable) return { refusal: storability.why }
  const isForAll = storability.audience === 'everybody' && options.key.consumer !== 'always'
  const audience = isForAll ? everybody : (caller.own ?? (storability.audience === 'everybody' ? everybody : undefined))
  return audience === undefined ? { refusal: 'authenticated' } : { audience }
}

/** An answer's arrival, and what becomes of it. */
export function receive(options: CachingOptions, look: Look, answer: Answer, times: Times) {
  const arrival = readArrival(answer.status, answer.headers, times, options.mode === 'ttl' ? options.ttl : undefined)
  return { arrival, verdict: bodyVerdict(options, answer) ?? judgeUseful(options, look, arrival) }
}

/** What nobody calls fresh and nobody can validate would never be used. */
function judgeUseful(options: CachingOptions, look: Look, arrival: Arrival): Verdict {
  const verdict = judge(options, look, arrival)
  if ('refusal' in verdict || arrival.lifetime.said !== 'nobody') return verdict
  const isValidatable = ['etag', 'last-modified'].some((name) => fieldValue(arrival.fields, name) !== undefined)
  return isValidatable ? verdict : { refusal: 'no-freshness' }
}

function bodyVerdict(options: CachingOptions, answer: Answer): Verdict | undefined {
  const length = declaredLength(answer) ?? 0
  if (length > options.maxBody) return { refusal: 'too-large' }
  return options.store.hasRoomFor(length) ? undefined : { refusal: 'busy' }
}

/** In bytes; undefined for a stream that does not say. */
export function declaredLength(answer: Answer): number | undefined {
  const { body } = answer
  if (body === null) return 0
  if (!isStreamed(body)) return Buffer.byteLength(body)
  const text = fieldValue(answer.headers, 'content-length')
  return text === undefined ? undefined : Number(text)
}

/**
 * Keeps an answer's body, now or as it passes; a streamed body is replaced by one that is copied on its way.
 * @returns the copied body, where it is streamed
 * @param done called once, with what is to be stored, or why nothing is
 */
export function keepBody(
  options: CachingOptions,
  answer: Answer,
  arrival: Arrival,
  done: (response: StoredResponse | 'given-up' | 'broken') => void,
): CopiedBody | undefined {
  const { body } = answer
  if (!isStreamed(body)) {
    done(storedResponse(arrival, body === null ? Buffer.alloc(0) : Buffer.from(body)))
    return undefined
  }
  const { store } = options
  const expected = declaredLength(answer)
  let bytesCopied = 0
  const grow = (bytes: number): boolean => {
    if (!store.hasRoomFor(bytes)) return false
    store.copying += bytes
    bytesCopied += bytes
    return true
  }
  const copied = new CopiedBody(body, options.maxBody, grow, (copy) => {
    store.copying -= bytesCopied
    if (typeof copy === 'string') done(copy)
    // RFC 9111 §3.3: an incomplete response is never kept as if it were whole.
    else if (expected !== undefined && expected !== copy.length) done('broken')
    else done(storedResponse(arrival, copy))
  })
  answer.body = copied
  return copied
}
