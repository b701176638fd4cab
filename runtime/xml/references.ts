import { isCharacter } from './characters.ts'
import { Malformed } from './malformed.ts'

/** Longer is refused: leading zeros are legal, a hundred of them are not worth having. */
const longest = 32
const semicolon = 0x3b

/** The reference read last: see {@link readReference}. */
export const reference = { code: 0, next: 0 }

/**
 * Reads `&…;` at `at`: `reference.code` is the character, `reference.next` the index behind it. The five predefined
 * entities and character references are all there is (XML 1.0 §4.1, §4.6).
 * @returns false where the reference may go on behind `end`
 */
export function readReference(buffer: Uint8Array, at: number, end: number): boolean {
  let to = at + 1
  while (to < end && to - at < longest && buffer[to] !== semicolon) to++
  if (to - at === longest) throw new Malformed('not a reference', at)
  if (to === end) return false
  reference.next = to + 1
  if (buffer[at + 1] !== 0x23) {
    const code = predefined(buffer, at + 1, to - at - 1)
    if (code === 0) throw new Malformed('an entity other than the predefined five', at)
    reference.code = code
    return true
  }
  const hexadecimal = buffer[at + 2] === 0x78
  const from = at + (hexadecimal ? 3 : 2)
  if (from === to) throw new Malformed('not a character reference', at)
  let code = 0
  for (let i = from; i < to; i++) {
    const digit = digitValue(buffer[i]!, hexadecimal)
    if (digit < 0) throw new Malformed('not a character reference', at)
    code = code * (hexadecimal ? 16 : 10) + digit
    if (code > 0x10ffff) break
  }
  if (!isCharacter(code)) throw new Malformed('a reference to what is no character', at)
  reference.code = code
  return true
}

/** `lt`, `gt`, `amp`, `apos`, `quot`; 0 for anything else. */
function predefined(buffer: Uint8Array, at: number, length: number): number {
  const a = buffer[at]
  const b = buffer[at + 1]
  const c = buffer[at + 2]
  if (length === 2 && b === 0x74) return a === 0x6c ? 0x3c : a === 0x67 ? 0x3e : 0
  if (length === 3) return a === 0x61 && b === 0x6d && c === 0x70 ? 0x26 : 0
  if (length !== 4) return 0
  const d = buffer[at + 3]
  if (a === 0x71 && b === 0x75 && c === 0x6f && d === 0x74) return 0x22
  return a === 0x61 && b === 0x70 && c === 0x6f && d === 0x73 ? 0x27 : 0
}

function digitValue(byte: number, hexadecimal: boolean): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return hexadecimal && lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Writes a character as UTF-8 at `at`; returns the index behind it. There must be room for 4 bytes. */
export function writeCharacter(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at++] = code
  } else if (code < 0x800) {
    bytes[at++] = 0xc0 | (code >> 6)
    bytes[at++] = 0x80 | (code & 0x3f)
  } else {
    if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12)
    else {
      bytes[at++] = 0xf0 | (code >> 18)
      bytes[at++] = 0x80 | ((code >> 12) & 0x3f)
    }
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f)
    bytes[at++] = 0x80 | (code & 0x3f)
  }
  return at
}
