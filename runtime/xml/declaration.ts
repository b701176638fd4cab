import { Buffer } from 'node:buffer'
import { Malformed } from './malformed.ts'
import { standsAt } from './names.ts'

/** How far an XML declaration may reach. */
const longest = 1024

/** An XML declaration (XML 1.0 §2.8) with its `<?xml` and `?>`. */
interface Declaration {
  readonly bytes: Uint8Array
  /** In lower case. */
  readonly encoding: string | undefined
}

/** The one that was read last: what a service sends always begins alike, and to compare costs a tenth of reading it. */
let last: Declaration = { bytes: Buffer.from('<?xml version="1.0"?>'), encoding: undefined }

/**
 * Skips the XML declaration, if the document begins with one. Which encoding it names was settled before.
 * @returns the index behind it, 0 where there is none, -1 where its end is not there yet
 */
export function skipDeclaration(buffer: Uint8Array, end: number, final: boolean): number {
  if (end > 1 && (buffer[0] !== 0x3c || buffer[1] !== 0x3f)) return 0
  if (isLast(buffer)) return last.bytes.length
  const start = startOf(buffer)
  if (!start.startsWith('<?xml')) return '<?xml'.startsWith(start) && !final ? -1 : 0
  if (start.length < 6) return -1
  if (!/^[ \t\r\n]/.test(start.slice(5))) return 0
  const close = start.indexOf('?>')
  if (close < 0) {
    if (end < longest && !final) return -1
    throw new Malformed('an XML declaration without an end')
  }
  const declared = pattern.exec(start)
  if (declared === null) throw new Malformed('not an XML declaration')
  last = { bytes: Buffer.from(declared[0], 'latin1'), encoding: encodingOf(declared) }
  return close + 2
}

/** The encoding that a document in a superset of ASCII declares, in lower case. */
export function declaredEncoding(start: Uint8Array): string | undefined {
  if (isLast(start)) return last.encoding
  const declared = pattern.exec(startOf(start))
  return declared === null ? undefined : encodingOf(declared)
}

/** Whether the document begins with a declaration whose end is not there yet. */
export function declarationIsOpen(start: Uint8Array): boolean {
  if (start[0] !== 0x3c || start[1] !== 0x3f || start.length >= longest || isLast(start)) return false
  return !startOf(start).includes('?>')
}

function encodingOf(declared: RegExpExecArray): string | undefined {
  return (declared[1] ?? declared[2])?.toLowerCase()
}

function isLast(start: Uint8Array): boolean {
  return last.bytes.length <= start.length && standsAt(last.bytes, start, 0)
}

function startOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, Math.min(length, longest)).toString('latin1')
}

const pattern =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][-A-Za-z0-9._]*)"|'([A-Za-z][-A-Za-z0-9._]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/
