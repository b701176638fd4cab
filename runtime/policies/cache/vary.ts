import { combinedField, type Fields } from '../../core/headers.ts'

/** What the proxy itself tells of each client and its way: no stored request has them, so that all would seem to match. */
const told: ReadonlySet<string> = new Set(['x-forwarded-for', 'forwarded'])

/**
 * The fields a response was selected by (RFC 9111 §4.1), lower case, sorted, once each: [] without `Vary`, undefined where
 * it holds `*`, which matches no request, or a field that differs from client to client.
 */
export function varyNames(fields: Fields): string[] | undefined {
  const text = combinedField(fields, 'vary')
  if (text === undefined) return []
  const names = new Set<string>()
  for (const part of text.split(',')) {
    const name = part.trim().toLowerCase()
    if (name === '*' || told.has(name)) return undefined
    if (name !== '') names.add(name)
  }
  return [...names].sort()
}

/**
 * What a request says in the fields that `Vary` names, as one text: two requests match where the texts are equal.
 * §4.1 allows "adding or removing whitespace, where allowed", combining lines, and "normalizing both header field values
 * in a way that is known to have identical semantics".
 */
export function selectingKey(names: readonly string[], request: Fields): string {
  let key = ''
  for (const name of names) {
    const value = combinedField(request, name)
    // Absent matches only absent, so it must differ from every value, the empty one included.
    key += value === undefined ? '\n-' : `\n+${normalizedValue(name, value)}`
  }
  return key
}

/** A field's value in the one spelling of what it says. @param name lower case */
export function normalizedValue(name: string, value: string): string {
  const isOne = !value.includes(',') && !value.includes('"')
  if (isOne && name !== 'accept-language' && name !== 'accept-encoding') return value.trim()
  const members = listMembers(value)
  // Order among members of equal weight cannot be relied on (RFC 9110 §12.5.4), and tags ignore case.
  if (name === 'accept-language' || name === 'accept-encoding') {
    return members
      .map((member) => member.toLowerCase().replace(/[ \t]*;[ \t]*/g, ';'))
      .sort()
      .join(',')
  }
  return members.join(',')
}

/** The members of a list-based field (RFC 9110 §5.6.1), trimmed; commas inside quoted strings do not part. */
export function listMembers(text: string): string[] {
  const members: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i <= text.length; i++) {
    const char = text.charCodeAt(i)
    if (quoted && char === 0x5c) i++
    else if (char === 0x22) quoted = !quoted
    else if (i === text.length || (char === 0x2c && !quoted)) {
      const member = text.slice(start, i).trim()
      if (member !== '') members.push(member)
      start = i + 1
    }
  }
  // A quoted string that does not end: the rest is one member.
  if (start <= text.length && quoted) members.push(text.slice(start))
  return members
}

/**
 * The one language a request wants most, lower case; undefined where several have the same weight. A stored response in
 * that language (`Content-Language`) is what the origin would have chosen again.
 */
export function preferredLanguage(acceptLanguage: string): string | undefined {
  let best: string | undefined
  let bestWeight = 0
  for (const member of listMembers(acceptLanguage)) {
    const [tag, ...parameters] = member.toLowerCase().split(';')
    const weight = parameters
      .map((text) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(text)?.[1])
      .find((q) => q !== undefined)
    const quality = weight === undefined ? 1 : Number(weight)
    if (quality === bestWeight) best = undefined
    else if (quality > bestWeight) {
      best = tag!.trim()
      bestWeight = quality
    }
  }
  return best === '*' ? undefined : best
}
