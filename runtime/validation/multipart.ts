import type { Fault } from '../core/problem.ts'
import { type MediaType, parseMediaType } from './media-type.ts'

/** A part of a multipart body (RFC 2046 §5.1, RFC 7578). */
export interface Part {
  readonly name: string
  /** Lower case, without parameters; `text/plain` where the part does not say. */
  readonly mediaType: string
  /** Lower case; undefined where the part does not say. */
  readonly charset?: string
  readonly content: Buffer
  /** Bytes of a content that has not been kept. */
  readonly length?: number
}

/** What a part says of itself. */
export type PartHead = Pick<Part, 'name' | 'mediaType' | 'charset'>

/** Where a part with its delimiter stands in the body. */
export interface PlacedPart extends Part {
  readonly start: number
  readonly end: number
}

export const malformedMultipart: Fault = {
  pointer: '',
  detail: 'is not a well-formed multipart body',
  keyword: 'multipart',
}

/**
 * The boundary all readers find; undefined where they differ: some take the first `boundary=` they see, wherever it stands,
 * some join continuations (RFC 2231), some know no quoted pairs. The characters are those of RFC 2046 §5.1.1.
 */
export function boundaryOf({ parameters }: MediaType): string | undefined {
  const boundary = parameters.get('boundary')
  if (boundary === undefined || !/^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/.test(boundary)) return undefined
  for (const [name, value] of parameters) {
    if (name !== 'boundary' && /boundary/i.test(name + value)) return undefined
  }
  return boundary
}

/** Undefined where the body is not what the boundary says, to the letter: readers that forgive differ in what they see. */
export function parseMultipart(bytes: Buffer, boundary: string, mostParts: number): readonly PlacedPart[] | undefined {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  if (!bytes.subarray(0, delimiter.length).equals(delimiter)) return undefined
  const parts: PlacedPart[] = []
  let start = 0
  let at = delimiter.length
  while (!isLast(bytes, at)) {
    if (parts.length >= mostParts || !isLineBreak(bytes, at)) return undefined
    const next = findDelimiter(bytes, delimiter, at)
    if (next < 0) return undefined
    const part = parsePart(bytes.subarray(at + 2, next))
    if (part === undefined) return undefined
    parts.push({ ...part, start, end: next + 2 })
    start = next + 2
    at = next + lineBreak.length + delimiter.length
  }
  const epilogue = bytes.subarray(at + 2)
  const isPlain = epilogue.length === 0 || (isLineBreak(epilogue, 0) && !epilogue.includes(delimiter))
  return isPlain ? parts : undefined
}

/**
 * Where the line break before the next delimiter stands; -1: nowhere. A delimiter after half a line break is one to some
 * readers and content to others: -2.
 */
export function findDelimiter(bytes: Buffer, delimiter: Buffer, from: number): number {
  for (let at = from; ; at++) {
    at = bytes.indexOf(delimiter, at)
    if (at === -1) return -1
    const before = bytes[at - 1]
    if (before === 0x0a && bytes[at - 2] === 0x0d) return at - 2
    if (before === 0x0a || before === 0x0d) return -2
  }
}

export const lineBreak = Buffer.from('\r\n')

function isLineBreak(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0d && bytes[at + 1] === 0x0a
}

/** `--boundary--` ends the body (RFC 2046 §5.1.1); readers that look further must find nothing there. */
function isLast(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x2d && bytes[at + 1] === 0x2d
}

export const headEnd = Buffer.from('\r\n\r\n')
export const mostHeadBytes = 8 * 1024

function parsePart(bytes: Buffer): Part | undefined {
  const end = bytes.indexOf(headEnd)
  const head = end === -1 || end > mostHeadBytes ? undefined : parsePartHead(bytes.toString('utf8', 0, end))
  return head && { ...head, content: bytes.subarray(end + headEnd.length) }
}

/** Undefined where a part says nothing of itself, says something twice, or could be understood in two ways. */
export function parsePartHead(text: string): PartHead | undefined {
  // Some end lines with half a line break, or fold them: others do not.
  if (controls.test(text.replaceAll('\r\n', ''))) return undefined
  let name: string | undefined
  let type: string | undefined
  for (const line of text.split('\r\n')) {
    const [whole, field, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/.exec(line) ?? []
    if (whole === undefined) return undefined
    switch (field!.toLowerCase()) {
      case 'content-disposition':
        if (name !== undefined) return undefined
        name = partName(value!)
        if (name === undefined) return undefined
        break
      case 'content-type':
        if (type !== undefined) return undefined
        type = value!
        break
      case 'content-transfer-encoding':
        // RFC 7578 §4.7: not used any more; some decode what others take as it is.
        if (!/^(?:7bit|8bit|binary)[ \t]*$/i.test(value!)) return undefined
    }
  }
  if (name === undefined) return undefined
  if (type === undefined) return { name, mediaType: 'text/plain' }
  const mediaType = type.split(';', 1)[0]!.trim().toLowerCase()
  const charset = charsetOf(type)
  return { name, mediaType, ...(charset === undefined ? {} : { charset }) }
}

const controls = /[\0-\x08\x0a-\x1f\x7f]/

function charsetOf(type: string): string | undefined {
  const media = parseMediaType(type)
  if (media !== undefined) return media.parameters.get('charset')?.toLowerCase()
  return /charset/i.test(type) ? 'unknown' : undefined
}

/**
 * `form-data; name="…"`, with the escapes browsers write (HTML Standard §4.10.21.8). Undefined where readers could find another
 * name: some look for `name=` even inside of file names, some prefer `name*=`, and no two unescape a backslash alike.
 */
function partName(value: string): string | undefined {
  if (value.match(/\bname[ \t]*[*=]/gi)?.length !== 1 || /\bname="[^"]*\\/i.test(value)) return undefined
  const media = parseMediaType(`x/${value}`)
  const name = media?.type === 'x/form-data' ? media.parameters.get('name') : undefined
  return name?.replace(/%(22|0D|0A)/gi, (code) => decodeURIComponent(code))
}
