/**
 * The directives of a `Cache-Control` field by lower-case name; null where a directive has no argument. An argument that
 * cannot be read is '', so that a number asked of it is invalid and never silently absent.
 */
export type Directives = ReadonlyMap<string, string | null>

export const noDirectives: Directives = new Map()

/** RFC 9111 §1.2.2: "the value 2147483648 (2^31) or the greatest positive integer it can conveniently represent". */
export const greatestDelta = 2 ** 31

/**
 * Reads `Cache-Control` (RFC 9111 §5.2): names ignore case, arguments are tokens or quoted strings.
 * Text that breaks off inside a quoted string may hide a directive, so it reads as `no-store`.
 * @param text all lines joined by commas
 */
export function readDirectives(text: string): Directives {
  const directives = new Map<string, string | null>()
  let at = 0
  while (at < text.length) {
    const end = memberEnd(text, at)
    if (end === -1) {
      directives.set('no-store', null)
      break
    }
    const member = text.slice(at, end).trim()
    at = end + 1
    if (member !== '') add(directives, member)
  }
  return directives
}

/** Where the comma after this member stands, or the end; -1 where a quoted string does not end. */
function memberEnd(text: string, from: number): number {
  let quoted = false
  for (let i = from; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (quoted && char === 0x5c) i++
    else if (char === 0x22) quoted = !quoted
    else if (char === 0x2c && !quoted) return i
  }
  return quoted ? -1 : text.length
}

function add(directives: Map<string, string | null>, member: string): void {
  const equals = member.indexOf('=')
  const name = (equals === -1 ? member : member.slice(0, equals)).trim().toLowerCase()
  const argument = equals === -1 ? null : readArgument(member, equals)
  const before = directives.get(name)
  if (before === undefined) directives.set(name, argument)
  else if (before !== argument) directives.set(name, combined(name, before, argument))
}

/** A token or a quoted string right after `=`; '' where there is space on either side or anything else. */
function readArgument(member: string, equals: number): string {
  const argument = member.slice(equals + 1)
  const isBad = /\s$/.test(member.slice(0, equals))
  if (isBad) return ''
  if (/^"(?:[^"\\]|\\.)*"$/s.test(argument)) return argument.slice(1, -1).replace(/\\(.)/gs, '$1')
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(argument) ? argument : ''
}

/**
 * The same directive twice with different arguments. RFC 9111 §4.2.1: caches "are encouraged to consider responses that
 * have invalid freshness information to be stale"; of `no-cache` and `private` the form that forbids more counts.
 */
function combined(name: string, one: string | null, other: string | null): string | null {
  if (name !== 'no-cache' && name !== 'private') return ''
  return one === null || other === null ? null : `${one},${other}`
}

/** The seconds of a directive: undefined where it is absent, 0 where it says nothing that can be read. */
export function deltaOf(directives: Directives, name: string): number | undefined {
  const argument = directives.get(name)
  if (argument === undefined) return undefined
  if (argument === null || !/^\d+$/.test(argument)) return 0
  return Math.min(Number(argument), greatestDelta)
}

/** The field names that a qualified `no-cache="a, b"` or `private="a"` lists, lower case; [] where it is unqualified. */
export function listedFields(directives: Directives, name: 'no-cache' | 'private'): string[] {
  const argument = directives.get(name)
  if (argument == null) return []
  return argument
    .split(',')
    .map((field) => field.trim().toLowerCase())
    .filter((field) => field !== '')
}

/** True for `no-cache` without a list of fields; a list that names nothing is read as the stricter form. */
export function isUnqualified(directives: Directives, name: 'no-cache' | 'private'): boolean {
  return directives.has(name) && listedFields(directives, name).length === 0
}
