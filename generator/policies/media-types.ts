import type { MediaContract } from '../model/contract.ts'

/** The media type with the parameters that tell it from others of its type. */
export function mediaKey({ mediaType, parameters }: Pick<MediaContract, 'mediaType' | 'parameters'>): string {
  return [mediaType, ...Object.entries(parameters).map(([name, value]) => `${name}=${quoted(value)}`)].join(';')
}

function quoted(value: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : JSON.stringify(value)
}

/** `application/json` and whatever ends in `+json` (RFC 6839 §3.1). */
export function isJson(mediaType: string): boolean {
  return /^[^/]+\/(json|[^/]+\+json)$/.test(mediaType)
}

/** Whether JSON is among what a range admits. */
export function rangeHoldsJson(mediaType: string): boolean {
  return mediaType === '*/*' || mediaType === 'application/*'
}

/** XML that is data: drawings and pages are XML too, and stay what they are. */
export function isXml(mediaType: string): boolean {
  if (mediaType === 'image/svg+xml' || mediaType === 'application/xhtml+xml') return false
  return mediaType === 'application/xml' || mediaType === 'text/xml' || mediaType.endsWith('+xml')
}

/** How the items of a sequential media type stand in it (OpenAPI 3.2 §4.14.3); undefined for what is none, or is not read. */
export function sequenceOf(mediaType: string): 'jsonLines' | 'jsonSequence' | 'eventStream' | undefined {
  if (/^application\/(x-)?(jsonl|ndjson|json-lines|jsonlines)$/.test(mediaType)) return 'jsonLines'
  if (/^application\/(json-seq|[^/]+\+json-seq)$/.test(mediaType)) return 'jsonSequence'
  return mediaType === 'text/event-stream' ? 'eventStream' : undefined
}
