import { combinedField, type Fields } from '../../core/headers.ts'
import type { Bucket, Entry } from './bucket.ts'
import { preferredLanguage, selectingKey } from './vary.ts'

/**
 * The response stored for such a request, the most recent where several match (RFC 9111 §4.1).
 * @param audiences whose responses the caller may see
 */
export function select(bucket: Bucket, request: Fields, audiences: readonly string[]): Entry | undefined {
  let newest: Entry | undefined
  for (const group of bucket.groups) {
    const variant = group.names.length === 0 ? '' : selectingKey(group.names, request)
    for (const audience of audiences) {
      const entry = group.entries.get(audience + variant)
      if (entry !== undefined && entry.response.date >= (newest?.response.date ?? -Infinity)) newest = entry
    }
  }
  newest ??= selectByLanguage(bucket, request, audiences)
  if (newest !== undefined) newest.visited = true
  return newest
}

/** Every response that such a request could select, newest first. */
export function matching(bucket: Bucket, request: Fields, audiences: readonly string[]): Entry[] {
  const entries = bucket.groups.flatMap((group) => {
    const variant = selectingKey(group.names, request)
    return audiences.map((audience) => group.entries.get(audience + variant)).filter((entry) => entry !== undefined)
  })
  return entries.sort((one, other) => other.response.date - one.response.date)
}

/** Another wish that a stored response already meets: its language is the one this request wants most. */
function selectByLanguage(bucket: Bucket, request: Fields, audiences: readonly string[]): Entry | undefined {
  const group = bucket.groups.find(({ names }) => names.length === 1 && names[0] === 'accept-language')
  const wish = group === undefined ? undefined : combinedField(request, 'accept-language')
  const language = wish === undefined ? undefined : preferredLanguage(wish)
  if (group === undefined || language === undefined) return undefined
  for (const entry of group.entries.values()) {
    if (!audiences.includes(entry.audience)) continue
    if (combinedField(entry.response.fields, 'content-language')?.toLowerCase() === language) return entry
  }
  return undefined
}
