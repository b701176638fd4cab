import type { Directives } from './directives.ts'

/** Directives whose value RFC 9213 §2.1 takes as an integer; any other type makes the field invalid. */
const integers: ReadonlySet<string> = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'])

const key = /[a-z*][a-z0-9_\-.*]*/y
const integer = /-?\d{1,15}(?![\d.])/y
const decimal = /-?\d{1,12}\.\d{1,3}(?!\d)/y
const string = /"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y
const token = /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y
const bytes = /:[A-Za-z0-9+/=]*:/y
const boolean = /\?[01]/y
const separator = /[ \t]*(?:,[ \t]*|$)/y

/**
 * `CDN-Cache-Control` (RFC 9213): a structured dictionary (RFC 8941). Undefined where it is empty or does not parse:
 * §2.2 then has a cache use `Cache-Control` and `Expires` as if the field were absent.
 * @param text all lines joined by commas
 */
export function readTargeted(text: string): Directives | undefined {
  const directives = new Map<string, string | null>()
  const scanner = { text: text.trim(), at: 0 }
  while (scanner.at < scanner.text.length) {
    const name = take(scanner, key)
    if (name === undefined) return undefined
    const value = readValue(scanner)
    if (value === undefined || !takeParameters(scanner)) return undefined
    if (integers.has(name) !== (value !== false && value !== null && value.kind === 'integer')) return undefined
    // A boolean false says that the directive is not there.
    if (value === false) directives.delete(name)
    else directives.set(name, value === null ? null : value.text)
    const end = take(scanner, separator)
    // A comma must be followed by a member.
    if (end === undefined || (end.includes(',') && scanner.at === scanner.text.length)) return undefined
  }
  return directives.size === 0 ? undefined : directives
}

interface Scanner {
  readonly text: string
  at: number
}

type Item = { readonly kind: 'integer' | 'other'; readonly text: string } | null | false

/** What stands after the key: null for a bare key or `?1`, false for `?0`, undefined where it does not parse. */
function readValue(scanner: Scanner): Item | undefined {
  if (scanner.text[scanner.at] !== '=') return null
  scanner.at++
  return readItem(scanner)
}

function readItem(scanner: Scanner): Item | undefined {
  const flag = take(scanner, boolean)
  if (flag !== undefined) return flag === '?1' ? null : false
  const number = take(scanner, integer)
  if (number !== undefined) return { kind: 'integer', text: number }
  const quoted = take(scanner, string)
  if (quoted !== undefined) return { kind: 'other', text: quoted.slice(1, -1).replace(/\\(.)/g, '$1') }
  const other = take(scanner, decimal) ?? take(scanner, token) ?? take(scanner, bytes)
  return other === undefined ? undefined : { kind: 'other', text: other }
}

function takeParameters(scanner: Scanner): boolean {
  while (scanner.text[scanner.at] === ';') {
    scanner.at++
    while (scanner.text[scanner.at] === ' ') scanner.at++
    if (take(scanner, key) === undefined || readValue(scanner) === undefined) return false
  }
  return true
}

function take(scanner: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = scanner.at
  const found = pattern.exec(scanner.text)
  if (found === null) return undefined
  scanner.at += found[0].length
  return found[0]
}
