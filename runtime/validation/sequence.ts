import { type JsonLimits, type ParsedJson, parseJson } from './json.ts'

/** How the items of a sequential media type stand in its bytes. OpenAPI 3.2 §4.14.3 "Sequential Media Types" */
export interface Sequence {
  /**
   * Where the item that begins at `start` ends.
   * @param from nothing before it needs to be looked at again
   * @returns -1 where the bytes do not hold the item whole
   */
  cut(bytes: Buffer, start: number, from: number): number
  /**
   * @param limits what is read strictly; absent: as JSON.parse reads
   * @returns undefined where there is nothing to judge: an empty line, a comment
   */
  read(bytes: Buffer, limits?: JsonLimits): ParsedJson | undefined
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const recordSeparator = 0x1e

/** `application/jsonl`, `application/x-ndjson`: a JSON text per line; empty lines say nothing. https://jsonlines.org */
export const jsonLines: Sequence = {
  cut: (bytes, _, from) => bytes.indexOf(lineFeed, from) + 1 || -1,
  read: (bytes, limits) => (isBlank(bytes) ? undefined : readJson(bytes, limits)),
}

/** `application/json-seq` and `+json-seq` (RFC 7464): each text stands behind a record separator, up to the next one. */
export const jsonSequence: Sequence = {
  cut: (bytes, start, from) => bytes.indexOf(recordSeparator, Math.max(from, start + 1)),
  read: (bytes, limits) => {
    if (isBlank(bytes)) return undefined
    if (bytes[0] !== recordSeparator) return notSeparated
    // §2.1: separators in a row are as good as one.
    return bytes.length === 1 ? undefined : readJson(bytes.subarray(1), limits)
  },
}

/** `text/event-stream`: each event as the object of its fields. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const eventStream: Sequence = {
  cut: (bytes, start, from) => {
    for (let at = Math.max(from - 3, start); at < bytes.length; at++) {
      if (!isBreak(bytes[at])) continue
      const next = bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? at + 2 : at + 1
      const isEmptyLine = at === start || isBreak(bytes[next])
      if (!isEmptyLine) continue
      if (at === start) return next
      return bytes[next] === carriageReturn && bytes[next + 1] === lineFeed ? next + 2 : next + 1
    }
    return -1
  },
  read: (bytes) => {
    const event = readEvent(bytes.toString())
    return event === undefined ? undefined : { value: event }
  },
}

/** Undefined where nothing would be dispatched: without data an event is none. */
function readEvent(text: string): Record<string, unknown> | undefined {
  const event: Record<string, unknown> = {}
  const data: string[] = []
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data.push(value)
    else if (field === 'event' && value !== '') event['event'] = value
    else if (field === 'id' && !value.includes('\0')) event['id'] = value
    else if (field === 'retry' && /^\d{1,15}$/.test(value)) event['retry'] = Number(value)
  }
  return data.length === 0 ? undefined : { ...event, data: data.join('\n') }
}

function readJson(bytes: Buffer, limits: JsonLimits | undefined): ParsedJson {
  if (limits !== undefined) return parseJson(bytes, limits)
  try {
    return { value: JSON.parse(bytes.toString()) }
  } catch {
    return { fault: { pointer: '', detail: 'is not well-formed JSON', keyword: 'json' } }
  }
}

const notSeparated: ParsedJson = {
  fault: { pointer: '', detail: 'does not begin with a record separator', keyword: 'json' },
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || isBreak(byte))
}

function isBreak(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn
}
