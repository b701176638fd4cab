import { MalformedJson } from './malformed.ts'

/**
 * Parses JSON whose members are asked for by name. An object that gives a name twice is refused: what was judged would not be
 * what is read (RFC 8259 §4).
 */
export function parseSurely(bytes: Buffer, depth: number): unknown {
  const members = countMembers(bytes, depth)
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new MalformedJson('JSON')
  }
  if (countOwn(value) !== members) throw new MalformedJson('a name given twice')
  return value
}

/** Colons outside of strings; of malformed text the figure means nothing. */
function countMembers(bytes: Buffer, depth: number): number {
  const { length } = bytes
  let colons = 0
  let level = 0
  for (let i = 0; i < length; i++) {
    const c = bytes[i]!
    if (c === 0x22) {
      i++
      while (i < length && bytes[i] !== 0x22) i += bytes[i] === 0x5c ? 2 : 1
    } else if (c === 0x3a) colons++
    else if (c === 0x7b || c === 0x5b) {
      if (++level > depth) throw new MalformedJson('depth')
    } else if (c === 0x7d || c === 0x5d) level--
  }
  return colons
}

function countOwn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countOwn(item)
    return count
  }
  // What JSON.parse makes inherits no enumerable member.
  for (const name in value) count += 1 + countOwn((value as Record<string, unknown>)[name])
  return count
}
