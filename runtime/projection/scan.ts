import { MalformedJson } from './malformed.ts'

/**
 * Reading JSON text (RFC 8259) byte by byte without making values of it. Each function takes the index of a token's first
 * byte and gives the index after its last one; what is not well-formed throws. Past the end bytes are undefined, which no
 * token begins with. That the whole is valid UTF-8 is judged before.
 */
export function afterSpace(bytes: Uint8Array, from: number): number {
  let i = from
  let c = bytes[i]
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = bytes[++i]
  return i
}

export function afterString(bytes: Uint8Array, quote: number): number {
  const { length } = bytes
  let i = quote + 1
  while (i < length) {
    const c = bytes[i]!
    if (c === 0x22) return i + 1
    if (c === 0x5c) i = afterEscape(bytes, i)
    else if (c < 0x20) break
    else i++
  }
  throw new MalformedJson('a string')
}

/** @param backslash its index */
export function afterEscape(bytes: Uint8Array, backslash: number): number {
  const c = bytes[backslash + 1]
  if (c === 0x75) {
    for (let i = backslash + 2; i < backslash + 6; i++) if (!isHex(bytes[i])) throw new MalformedJson('an escape')
    return backslash + 6
  }
  switch (c) {
    case 0x22:
    case 0x2f:
    case 0x5c:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return backslash + 2
    default:
      throw new MalformedJson('an escape')
  }
}

function isHex(c: number | undefined): boolean {
  return c !== undefined && ((c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66))
}

/** A number, `true`, `false` or `null`. */
export function afterScalar(bytes: Uint8Array, from: number): number {
  switch (bytes[from]) {
    case 0x74:
      return afterWord(bytes, from, 0x72, 0x75, 0x65)
    case 0x6e:
      return afterWord(bytes, from, 0x75, 0x6c, 0x6c)
    case 0x66:
      if (bytes[from + 1] !== 0x61) throw new MalformedJson('a value')
      return afterWord(bytes, from + 1, 0x6c, 0x73, 0x65)
    default:
      return afterNumber(bytes, from)
  }
}

function afterWord(bytes: Uint8Array, from: number, a: number, b: number, c: number): number {
  if (bytes[from + 1] !== a || bytes[from + 2] !== b || bytes[from + 3] !== c) throw new MalformedJson('a value')
  return from + 4
}

function afterNumber(bytes: Uint8Array, from: number): number {
  let i = bytes[from] === 0x2d ? from + 1 : from
  if (bytes[i] === 0x30) i++
  else i = afterDigits(bytes, i)
  if (bytes[i] === 0x2e) i = afterDigits(bytes, i + 1)
  const c = bytes[i]
  if (c === 0x65 || c === 0x45) {
    const sign = bytes[i + 1]
    i = afterDigits(bytes, sign === 0x2b || sign === 0x2d ? i + 2 : i + 1)
  }
  return i
}

function afterDigits(bytes: Uint8Array, from: number): number {
  let i = from
  let c = bytes[i]
  if (c === undefined || c < 0x30 || c > 0x39) throw new MalformedJson('a number')
  do c = bytes[++i]
  while (c !== undefined && c >= 0x30 && c <= 0x39)
  return i
}

/** @param room how many levels of arrays and objects there may be */
export function afterValue(bytes: Uint8Array, from: number, room: number): number {
  const c = bytes[from]
  if (c === 0x22) return afterString(bytes, from)
  if (c === 0x7b) return afterObject(bytes, from, room)
  if (c === 0x5b) return afterArray(bytes, from, room)
  return afterScalar(bytes, from)
}

function afterObject(bytes: Uint8Array, from: number, room: number): number {
  if (room <= 0) throw new MalformedJson('depth')
  let i = afterSpace(bytes, from + 1)
  if (bytes[i] === 0x7d) return i + 1
  for (;;) {
    if (bytes[i] !== 0x22) throw new MalformedJson('a name')
    i = afterSpace(bytes, afterString(bytes, i))
    if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
    i = afterSpace(bytes, afterValue(bytes, afterSpace(bytes, i + 1), room - 1))
    if (bytes[i] === 0x7d) return i + 1
    if (bytes[i] !== 0x2c) throw new MalformedJson('a comma')
    i = afterSpace(bytes, i + 1)
  }
}

function afterArray(bytes: Uint8Array, from: number, room: number): number {
  if (room <= 0) throw new MalformedJson('depth')
  let i = afterSpace(bytes, from + 1)
  if (bytes[i] === 0x5d) return i + 1
  for (;;) {
    i = afterSpace(bytes, afterValue(bytes, i, room - 1))
    if (bytes[i] === 0x5d) return i + 1
    if (bytes[i] !== 0x2c) throw new MalformedJson('a comma')
    i = afterSpace(bytes, i + 1)
  }
}
