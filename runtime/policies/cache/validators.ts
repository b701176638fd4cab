import { type Fields, fieldValue } from '../../core/headers.ts'
import { listMembers } from './vary.ts'

/** RFC 9110 §8.8.3.2: strong comparison: equal, and neither is weak. */
export function matchesStrongly(one: string, other: string): boolean {
  return one === other && !isWeak(one)
}

/** Weak comparison: the opaque tags are equal, weak or not. */
export function matchesWeakly(one: string, other: string): boolean {
  return opaque(one) === opaque(other)
}

export function isWeak(tag: string): boolean {
  return tag.startsWith('W/')
}

function opaque(tag: string): string {
  return isWeak(tag) ? tag.slice(2) : tag
}

/** RFC 9110 §13.1.2: true where `If-None-Match` names the stored tag, or `*` does. */
export function noneMatchNames(ifNoneMatch: string, etag: string | undefined): boolean {
  if (ifNoneMatch.trim() === '*') return true
  return etag !== undefined && listMembers(ifNoneMatch).some((tag) => matchesWeakly(tag, etag))
}

/** The fields that make a request conditional on what is stored (RFC 9111 §4.3.1). */
const preconditions: ReadonlySet<string> = new Set([
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
])

/**
 * The request's fields with the stored response's validators in the place of the client's own conditions; its range is left
 * out, since the whole is what can be stored.
 */
export function conditionalFields(request: Fields, etag: string | undefined, lastModified: string | undefined): Fields {
  const fields: Fields = []
  for (let i = 0; i < request.length; i += 2) {
    if (!preconditions.has(request[i]!.toLowerCase())) fields.push(request[i]!, request[i + 1]!)
  }
  if (etag !== undefined) fields.push('If-None-Match', etag)
  if (lastModified !== undefined) fields.push('If-Modified-Since', lastModified)
  return fields
}

/** What a 304 may be about (RFC 9111 §4.3.4). */
export interface Candidate {
  readonly fields: Fields
}

/**
 * The stored responses that a 304 freshens. "If the new response contains one or more strong validators: each of those …
 * with one of the same strong validators"; else by a weak validator "the most recent of those matching"; else, "if there
 * is only one stored response and it also lacks a validator", that one.
 * @param candidates newest first
 */
export function freshenedBy<C extends Candidate>(answer: Fields, candidates: readonly C[]): C[] {
  const etag = fieldValue(answer, 'etag')
  if (etag !== undefined && !isWeak(etag)) {
    return candidates.filter(({ fields }) => matchesStrongly(fieldValue(fields, 'etag') ?? '', etag))
  }
  if (etag !== undefined) {
    const match = candidates.find(({ fields }) => matchesWeakly(fieldValue(fields, 'etag') ?? '', etag))
    return match === undefined ? [] : [match]
  }
  const modified = fieldValue(answer, 'last-modified')
  if (modified !== undefined) {
    const match = candidates.find(({ fields }) => fieldValue(fields, 'last-modified') === modified)
    return match === undefined ? [] : [match]
  }
  return candidates.slice(0, 1)
}
