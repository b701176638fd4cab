import { Buffer } from 'node:buffer'
import { type Linked, Type as types } from './linked.ts'
import type { Output } from './output.ts'
import type { Walk } from './walk.ts'

// Constants of its own, which V8 folds: see characters.ts.
const Type = types

const quote = 0x22
const zero = 0x30
const point = 0x2e

/**
 * Makes the text that was written from `start` on the JSON of a scalar, by the lexical forms of XML Schema: white space
 * around numbers and booleans does not count, `1` and `0` are booleans, and digits stay the digits they are.
 */
export function finishScalar(walk: Walk, linked: Linked, start: number): void {
  const { out } = walk
  const { types } = linked
  if (types === Type.string) {
    out.byte(quote)
    return
  }
  if (types === Type.token || types === Type.bytes) {
    if (walk.text.sawSpecial) finishToken(out, start, types)
    else out.byte(quote)
    return
  }
  let end = out.at
  const { bytes } = out
  let from = start
  if (walk.text.sawSpecial) {
    while (from < end && isSpace(bytes[from]!)) from++
    while (end > from && isSpace(bytes[end - 1]!)) end--
  }
  if ((types & (Type.integer | Type.int64)) !== 0 && writeInteger(walk, types, start, from, end)) return
  if ((types & Type.number) !== 0 && writeNumber(walk, start, from, end)) return
  if ((types & Type.boolean) !== 0 && writeBoolean(out, start, from, end)) return
  if ((types & (Type.string | Type.token | Type.bytes)) !== 0) {
    const text = out.bytes.toString('utf8', start, out.at)
    out.at = start
    out.utf8(JSON.stringify((types & Type.string) === 0 ? collapse(text, types) : text))
    return
  }
  walk.fail(from === end ? `is empty, where ${describe(types)} is declared` : `is not ${describe(types)}`, 'type')
}

function describe(types: number): string {
  const names: string[] = []
  if ((types & (Type.integer | Type.int64)) !== 0) names.push('an integer')
  if ((types & Type.number) !== 0) names.push('a number')
  if ((types & Type.boolean) !== 0) names.push('a boolean')
  if (names.length === 0) names.push('null')
  return names.join(' or ')
}

/** A string without its quotes whose white space is collapsed: most have none, and then only the quote is missing. */
function finishToken(out: Output, start: number, types: number): void {
  const { bytes } = out
  for (let at = start; at < out.at; at++) {
    const byte = bytes[at]!
    if (byte <= 0x22 || byte === 0x5c) {
      const text = collapse(bytes.toString('utf8', start, out.at), types)
      out.at = start - 1
      out.utf8(JSON.stringify(text))
      return
    }
  }
  out.byte(quote)
}

/** `whiteSpace="collapse"` of XML Schema; base64 means the same without any. */
function collapse(text: string, types: number): string {
  if ((types & Type.token) === 0) return text.replace(/[ \t\r\n]+/g, '')
  return text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')
}

function writeInteger(walk: Walk, types: number, start: number, from: number, end: number): boolean {
  const { out } = walk
  const { bytes } = out
  const negative = bytes[from] === 0x2d
  let digits = negative || bytes[from] === 0x2b ? from + 1 : from
  if (digits >= end) return false
  for (let at = digits; at < end; at++) if (!isDigit(bytes[at]!)) return false
  while (digits < end - 1 && bytes[digits] === zero) digits++
  const quoted = (types & Type.int64) !== 0 && walk.options.int64 === 'string'
  const sign = negative && !(digits === end - 1 && bytes[digits] === zero)
  if (quoted) {
    const text = bytes.toString('latin1', digits, end)
    out.at = start
    out.latin1(sign ? `"-${text}"` : `"${text}"`)
    return true
  }
  out.at = start
  if (sign) bytes[out.at++] = 0x2d
  if (out.at !== digits) bytes.copyWithin(out.at, digits, end)
  out.at += end - digits
  return true
}

/** Decimal or double: `+.5e3` is `0.5e3`, `7.` is `7.0`; `INF` and `NaN` have no JSON. */
function writeNumber(walk: Walk, start: number, from: number, end: number): boolean {
  const { out } = walk
  const { bytes } = out
  let at = from
  const negative = bytes[at] === 0x2d
  if (negative || bytes[at] === 0x2b) at++
  const whole = at
  while (at < end && isDigit(bytes[at]!)) at++
  const wholeEnd = at
  let fraction = at
  let fractionEnd = at
  if (at < end && bytes[at] === point) {
    fraction = ++at
    while (at < end && isDigit(bytes[at]!)) at++
    fractionEnd = at
  }
  if (wholeEnd === whole && fractionEnd === fraction) return writeNonFinite(walk, start, from, end)
  const exponent = at
  if (at < end && (bytes[at]! | 0x20) === 0x65) {
    at++
    if (bytes[at] === 0x2d || bytes[at] === 0x2b) at++
    const first = at
    while (at < end && isDigit(bytes[at]!)) at++
    if (at === first) return false
  }
  if (at !== end) return false
  let first = whole
  while (first < wholeEnd - 1 && bytes[first] === zero) first++
  // The usual number is written as JSON writes it, and only moves to where its white space began.
  const usual = wholeEnd > whole && (fraction === wholeEnd || fractionEnd > fraction)
  if (usual && (first === whole || !negative)) {
    const origin = negative ? from : first
    if (origin !== start) bytes.copyWithin(start, origin, end)
    out.at = start + end - origin
    return true
  }
  const text = (a: number, b: number): string => bytes.toString('latin1', a, b)
  const digits = wholeEnd === whole ? '0' : text(first, wholeEnd)
  const decimals = fraction === wholeEnd ? '' : `.${text(fraction, fractionEnd) || '0'}`
  const rewritten = `${negative ? '-' : ''}${digits}${decimals}${text(exponent, end)}`
  out.at = start
  out.latin1(rewritten)
  return true
}

function writeNonFinite(walk: Walk, start: number, from: number, end: number): boolean {
  const { out } = walk
  const text = out.bytes.toString('latin1', from, Math.min(end, from + 10))
  if (!/^(?:NaN|[-+]?(?:INF|Infinity))$/.test(text)) return false
  if (walk.options.nonFinite !== 'string') walk.fail('is not a finite number', 'type')
  out.at = start
  out.latin1(JSON.stringify(text.replace('INF', 'Infinity').replace('+', '')))
  return true
}

const words = [Buffer.from('true'), Buffer.from('false')] as const

function writeBoolean(out: Output, start: number, from: number, end: number): boolean {
  const { bytes } = out
  const first = bytes[from]
  const word = first === 0x74 || first === 0x31 ? words[0] : words[1]
  const isDigit = end - from === 1 && (first === 0x30 || first === 0x31)
  if (!isDigit) {
    if (end - from !== word.length) return false
    for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return false
  }
  out.at = start
  out.write(word)
  return true
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0d
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39
}
