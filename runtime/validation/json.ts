import { isAscii, isUtf8 } from 'node:buffer'
import type { Fault } from '../core/problem.ts'

/** What a JSON text may be before it is parsed at all. */
export interface JsonLimits {
  /** How deep arrays and objects may nest. */
  readonly depth: number
  /** How many items an array may have. */
  readonly items: number
}

export const jsonLimits: JsonLimits = { depth: 64, items: 10_000 }

export type ParsedJson = { readonly value: unknown } | { readonly fault: Fault }

/**
 * Parses JSON (RFC 8259) more strictly than JSON.parse: invalid UTF-8, an object with two members of one name (§4: readers
 * differ in which one they take, so the upstream may take the one nobody checked), deep nesting and long arrays are refused.
 * A byte order mark is skipped (§8.1).
 */
export function parseJson(bytes: Buffer, limits: JsonLimits = jsonLimits): ParsedJson {
  const content = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
  const ascii = isAscii(content)
  if (!ascii && !isUtf8(content)) return fault('encoding', 'is not valid UTF-8')
  const survey = surveyJson(content, limits.depth)
  if (survey.depth > limits.depth) return fault('jsonDepth', `must not nest deeper than ${limits.depth} levels`)
  let value: unknown
  try {
    value = JSON.parse(content.toString(ascii ? 'latin1' : 'utf8'), survey.longNumbers ? exactRange : undefined)
  } catch {
    return fault('json', 'is not well-formed JSON')
  }
  if (typeof value === 'object' && value !== null) {
    members = 0
    items = limits.items
    const within = countMembers(value)
    if (!within) return fault('arrayItems', `must not hold an array of more than ${limits.items} items`)
    if (members !== survey.colons) return fault('duplicate', 'must not give a member twice')
  }
  return { value }
}

function fault(keyword: string, detail: string): ParsedJson {
  return { fault: { pointer: '', detail, keyword } }
}

interface Survey {
  /** Colons outside of strings: as many as there are members in the text. */
  readonly colons: number
  readonly depth: number
  /** A number is long enough for its digits to matter to the range of a 64-bit integer. */
  readonly longNumbers: boolean
}

/** One pass over the bytes. It judges nothing that JSON.parse judges: of malformed text its figures mean nothing. */
function surveyJson(bytes: Buffer, maxDepth: number): Survey {
  let colons = 0
  let depth = 0
  let deepest = 0
  let digits = 0
  let longNumbers = false
  const { length } = bytes
  for (let i = 0; i < length; i++) {
    let code = bytes[i]!
    if (code === 0x22) {
      for (i++; i < length; i++) {
        code = bytes[i]!
        if (code === 0x22) break
        if (code === 0x5c) i++
      }
    } else if (code >= 0x30 && code <= 0x39) {
      if (++digits >= 19) longNumbers = true
      continue
    } else if (code === 0x3a) {
      colons++
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > deepest) {
        deepest = depth
        if (depth > maxDepth) break
      }
    } else if (code === 0x7d || code === 0x5d) {
      depth--
    }
    digits = 0
  }
  return { colons, depth: deepest, longNumbers }
}

// Set before and read after one synchronous count; recursion over plain calls is several times as fast as over closures.
let members = 0
let items = 0

/** Counts own members into `members`; false where an array is too long. The depth has been judged before. */
function countMembers(value: object): boolean {
  if (Array.isArray(value)) {
    if (value.length > items) return false
    for (const item of value) {
      if (typeof item === 'object' && item !== null && !countMembers(item)) return false
    }
    return true
  }
  // What JSON.parse makes inherits no enumerable member; one called `__proto__` is an own member of it.
  for (const key in value) {
    members++
    const member = (value as { readonly [key: string]: unknown })[key]
    if (typeof member === 'object' && member !== null && !countMembers(member)) return false
  }
  return true
}

const bounds = [
  { double: 2 ** 63, last: 2n ** 63n - 1n },
  { double: 2 ** 64, last: 2n ** 64n - 1n },
] as const

/**
 * 2^63 - 1 and 2^63 are the same double, but only one of them is an int64. The digits tell: what is out of the range and
 * rounds to its edge is given the next double, so that a comparison sees it.
 */
function exactRange(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined || Number.isSafeInteger(value)) return value
  const { source } = context
  if (!/^-?\d+$/.test(source)) return value
  for (const { double, last } of bounds) {
    if (value === double && BigInt(source) > last) return double * (1 + Number.EPSILON)
    if (value === -double && BigInt(source) < -last - 1n) return -double * (1 + Number.EPSILON)
  }
  return value
}
