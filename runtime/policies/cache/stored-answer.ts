import type { Answer } from '../../core/answer.ts'
import { fieldBlock } from '../../core/field-block.ts'
import { type Fields, isField } from '../../core/headers.ts'
import { keptText } from './body-texts.ts'
import type { Entry, ReadyHit } from './bucket.ts'
import { hitStatus } from './cache-status.ts'
import { readHttpDate } from './http-date.ts'
import { readRange } from './range.ts'
import type { Asked } from './request.ts'
import { currentAge, type StoredResponse } from './stored-response.ts'
import { matchesStrongly, noneMatchNames } from './validators.ts'

/** The `Cache-Status` of a plain hit, which only depends on the entry and the second. */
export const plainHit = Symbol('plain hit')

/**
 * A stored response as the answer to a request, its conditions and its range applied (RFC 9110 §13.2.2).
 * @param status the member of `Cache-Status`; undefined: none
 */
export function storedAnswer(
  entry: Entry,
  asked: Asked,
  method: string,
  now: number,
  status: string | typeof plainHit | undefined,
): Answer {
  const { response } = entry
  const ready = status === plainHit ? readyHit(entry, now) : undefined
  // A copy, since later policies may alter it.
  const fields = ready?.block.fields.slice() ?? agedFields(response, now, status as string | undefined)
  if (response.status === 200) {
    if (isNotModified(response, asked, now)) return { status: 304, headers: notModifiedFields(fields), body: null }
    if (asked.range !== undefined && method === 'GET') {
      const partial = partialAnswer(response, asked, fields)
      if (partial !== undefined) return partial
    }
  }
  if (method === 'HEAD') {
    const length = response.status === 204 ? [] : ['Content-Length', String(response.body.length)]
    return { status: response.status, headers: [...fields, ...length], body: null }
  }
  const answer: Answer = { status: response.status, headers: fields, body: response.body }
  if (ready !== undefined) {
    answer.block = ready.block
    if (ready.text !== undefined) answer.text = ready.text
  }
  return answer
}

/** The fields of a plain hit are made once per second of age; with the second hit in a second its body's text is made too. */
function readyHit(entry: Entry, now: number): ReadyHit {
  const { response } = entry
  const exact = currentAge(response, now)
  const age = Math.floor(exact)
  if (entry.ready?.age !== age) {
    const fields = agedFields(response, now, hitStatus(response.lifetime.seconds - exact))
    entry.ready = { age, block: fieldBlock(fields), text: entry.ready?.text }
  } else if (entry.ready.text === undefined) entry.ready.text = keptText(entry)
  return entry.ready
}

/** RFC 9111 §4: a stored response used without validation carries `Age`. */
function agedFields(response: StoredResponse, now: number, status: string | undefined): Fields {
  const fields = response.fields.slice()
  fields.push('Age', String(Math.floor(currentAge(response, now))))
  if (status !== undefined) fields.push('Cache-Status', status)
  return fields
}

/** RFC 9111 §4.3.2 and RFC 9110 §13.1.3: `If-Modified-Since` counts only where `If-None-Match` is absent. */
function isNotModified(response: StoredResponse, asked: Asked, now: number): boolean {
  if (asked.ifNoneMatch !== undefined) return noneMatchNames(asked.ifNoneMatch, response.etag)
  if (asked.ifModifiedSince === undefined) return false
  const since = readHttpDate(asked.ifModifiedSince, now)
  // "If … Last-Modified is not present, the Date field value": a client that has seen it since then has the newest.
  return since !== undefined && (response.lastModifiedTime ?? response.date) <= since
}

/** RFC 9110 §15.4.5: a 304 brings no metadata of a body it does not have, save what names and dates it. */
function notModifiedFields(fields: Fields): Fields {
  const kept: Fields = []
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!
    const isMetadata = name.length > 8 && name.slice(0, 8).toLowerCase() === 'content-'
    if (isMetadata && !isField(name, 'content-location') && !isField(name, 'content-security-policy')) continue
    kept.push(name, fields[i + 1]!)
  }
  return kept
}

/** RFC 9110 §14.2 and §13.1.5; undefined where the whole is to be sent. */
function partialAnswer(response: StoredResponse, asked: Asked, fields: Fields): Answer | undefined {
  if (asked.ifRange !== undefined && !isSameAs(response, asked.ifRange)) return undefined
  const length = response.body.length
  const slice = readRange(asked.range!, length)
  if (slice === undefined) return undefined
  if (slice === 'unsatisfiable') {
    return { status: 416, headers: [...notModifiedFields(fields), 'Content-Range', `bytes */${length}`], body: null }
  }
  fields.push('Content-Range', `bytes ${slice.start}-${slice.end - 1}/${length}`)
  return { status: 206, headers: fields, body: response.body.subarray(slice.start, slice.end) }
}

/** RFC 9110 §13.1.5: a strong entity tag, or exactly the date of `Last-Modified`. */
function isSameAs(response: StoredResponse, ifRange: string): boolean {
  if (ifRange.includes('"')) return response.etag !== undefined && matchesStrongly(ifRange, response.etag)
  return response.lastModified === ifRange && isStrongDate(response)
}

/** §8.8.2.2: a date is a strong validator where it is at least a second before `Date`. */
function isStrongDate(response: StoredResponse): boolean {
  return response.lastModifiedTime !== undefined && response.date - response.lastModifiedTime >= 1000
}
