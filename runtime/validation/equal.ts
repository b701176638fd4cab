/** Whether two JSON values are equal as JSON Schema means it (Core §4.2.2): members in any order, 1 is 1.0. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]))
  }
  if (Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal((a as JsonMembers)[key], (b as JsonMembers)[key]))
  )
}

interface JsonMembers {
  readonly [key: string]: unknown
}
