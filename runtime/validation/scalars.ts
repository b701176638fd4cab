import { parseJson } from './json.ts'

/** How a text becomes a value of one type: decoders of parameters and form fields. */
export interface Scalar {
  /** Completes "must be …". */
  readonly expects: string
  /** No value of it holds a delimiter, so that an encoded comma separates as a plain one does. */
  readonly plain?: true
  /** The value, or undefined where the text is none. */
  read(text: string): unknown
}

export const string: Scalar = { expects: 'a string', read: (text) => text }

/** A string of an enumeration in which no value has a comma. */
export const word: Scalar = { expects: 'a string', plain: true, read: (text) => text }

/** Nothing at all: how null is written. */
export const nothing: Scalar = { expects: 'empty', plain: true, read: (text) => (text === '' ? null : undefined) }

export const boolean: Scalar = {
  expects: 'true or false',
  plain: true,
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
}

/** Digits as JSON writes them: no sign but `-`, no leading zeros, no fraction. */
export const integer: Scalar = { expects: 'an integer', plain: true, read: readInteger }

export const int32: Scalar = {
  expects: 'a 32-bit integer',
  plain: true,
  read(text) {
    const value = readInteger(text)
    return value !== undefined && value >= -0x80000000 && value <= 0x7fffffff ? value : undefined
  },
}

export const int64: Scalar = {
  expects: 'a 64-bit integer',
  plain: true,
  read(text) {
    const value = readInteger(text)
    // Below 2^53 the number is the digits; beyond, only the digits tell the range.
    if (value === undefined || Number.isSafeInteger(value)) return value
    return BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? value : undefined
  },
}

/** A number as JSON writes it (RFC 8259 §6), within the range of a double. */
export const number: Scalar = {
  expects: 'a number',
  plain: true,
  read(text) {
    if (text.length > 1000 || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  },
}

/** A parameter whose `content` is JSON. */
export const json: Scalar = {
  expects: 'JSON',
  read(text) {
    const parsed = parseJson(Buffer.from(text))
    return 'fault' in parsed ? undefined : parsed.value
  },
}

/** JSON that is an object or an array, where the value may also be a plain text. */
export const structure: Scalar = {
  expects: 'a JSON object or array',
  read: (text) => (/^\s*[{[]/.test(text) ? json.read(text) : undefined),
}

function readInteger(text: string): number | undefined {
  const { length } = text
  const start = text.charCodeAt(0) === 0x2d ? 1 : 0
  if (length === start || length > 300) return undefined
  const first = text.charCodeAt(start)
  if (first === 0x30 && length > start + 1) return undefined
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x30 || code > 0x39) return undefined
  }
  return Number(text)
}
