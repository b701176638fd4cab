import { ofTheBytes, withWeakValidator } from '../../core/changed-content.ts'
import { combinedField, type Fields, withField, withoutFields } from '../../core/headers.ts'

/** What the upstream is asked for. A part of a document, or a coded one, cannot be converted. */
const notForUpstream: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'range', 'if-range'])

export function upstreamFields(fields: Fields): Fields {
  const kept = withoutFields(fields, notForUpstream)
  kept.push('Accept', 'application/xml, text/xml;q=0.9, */*;q=0.1', 'Accept-Encoding', 'identity')
  return kept
}

const ofTheXml: ReadonlySet<string> = new Set([...ofTheBytes, 'content-type'])

/** The fields of the JSON: its validator is weak, since it is made anew and only means the same (RFC 9110 §8.8.1). */
export function convertedFields(fields: Fields, mediaType: string): Fields {
  const kept = withWeakValidator(withoutFields(fields, ofTheXml))
  kept.push('Content-Type', mediaType)
  return kept
}

/** Says that another `Accept` may get another answer. */
export function withVary(fields: Fields): Fields {
  const vary = combinedField(fields, 'vary')
  if (vary === undefined || vary === '') return [...fields, 'Vary', 'Accept']
  const listed = vary.split(',').map((name) => name.trim().toLowerCase())
  return listed.includes('accept') || listed.includes('*') ? fields : withField(fields, 'Vary', `${vary}, Accept`)
}

/** XML that is data. Drawings and pages are XML too, and stay what they are. */
export function isXml(mediaType: string): boolean {
  if (mediaType === 'image/svg+xml' || mediaType === 'application/xhtml+xml') return false
  return mediaType === 'application/xml' || mediaType === 'text/xml' || mediaType.endsWith('+xml')
}
