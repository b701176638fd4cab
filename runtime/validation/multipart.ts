import type { Fault } from '../core/problem.ts'
import { parseMediaType } from './media-type.ts'

/** A part of a multipart body (RFC 2046 §5.1, RFC 7578). */
export interface Part {
  readonly name: string
  /** Lower case, without parameters; `text/plain` where the part does not say. */
  readonly mediaType: string
  readonly content: Buffer
  /** Bytes of a content that has not been kept. */
  readonly length?: number
}

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

/** Undefined where the body is not what the boundary says, to the letter: readers that forgive differ in what they see. */
export function parseMultipart(bytes: Buffer, boundary: string, mostParts: number): readonly PlacedPart[] | undefined {
  if (boundary === '' || boundary.length > 70) return undefined
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const inner = Buffer.concat([lineBreak, delimiter])
  if (!bytes.subarray(0, delimiter.length).equals(delimiter)) return undefined
  const parts: PlacedPart[] = []
  let start = 0
  let at = delimiter.length
  while (!isLast(bytes, at)) {
    if (parts.length >= mostParts || !isLineBreak(bytes, at)) return undefined
    const next = bytes.indexOf(inner, at)
    if (next === -1) return undefined
    const part = parsePart(bytes.subarray(at + 2, next))
    if (part === undefined) return undefined
    parts.push({ ...part, start, end: next + 2 })
    start = next + 2
    at = next + inner.length
  }
  return parts
}

export const lineBreak = Buffer.from('\r\n')

function isLineBreak(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0d && bytes[at + 1] === 0x0a
}

/** `--boundary--` ends the body; what follows is not looked at (RFC 2046 §5.1.1). */
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

/** What a part says of itself; undefined where it says nothing, or something twice. */
export function parsePartHead(text: string): Pick<Part, 'name' | 'mediaType'> | undefined {
  let name: string | undefined
  let mediaType: string | undefined
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon < 1) return undefined
    const field = line.slice(0, colon).toLowerCase()
    if (field === 'content-disposition') {
      if (name !== undefined) return undefined
      name = partName(line.slice(colon + 1))
    } else if (field === 'content-type') {
      if (mediaType !== undefined) return undefined
      mediaType = line
        .slice(colon + 1)
        .split(';', 1)[0]!
        .trim()
        .toLowerCase()
    }
  }
  return name === undefined ? undefined : { name, mediaType: mediaType ?? 'text/plain' }
}

/** `form-data; name="…"`, with the escapes browsers write (HTML Standard §4.10.21.8) and those of quoted strings. */
function partName(value: string): string | undefined {
  const media = parseMediaType(`x/${value.trimStart()}`)
  const name = media?.type === 'x/form-data' ? media.parameters.get('name') : undefined
  return name?.replace(/%(22|0D|0A)/gi, (code) => decodeURIComponent(code))
}
