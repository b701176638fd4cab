import { type Fields, fieldValue, withField, withoutFields } from './headers.ts'

/** Fields that speak of the bytes that came (lower case): they are untrue of any others. */
export const ofTheBytes: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'accept-ranges',
  'content-range',
  'transfer-encoding',
])

/** The fields of a body that has been changed: its validator is weak, since it is made anew (RFC 9110 §8.8.1). */
export function changedFields(fields: Fields): Fields {
  return withWeakValidator(withoutFields(fields, ofTheBytes))
}

export function withWeakValidator(fields: Fields): Fields {
  const etag = fieldValue(fields, 'etag')
  return etag === undefined || etag.startsWith('W/') ? fields : withField(fields, 'ETag', `W/${etag}`)
}
