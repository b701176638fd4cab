/** How many members an object has. */
export function size(value: unknown): number {
  let count = 0
  // What JSON.parse makes inherits no enumerable member.
  for (const _ in value as object) count++
  return count
}

/** What stands under a name or an index of what JSON.parse made; the text has it there. */
export function at(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
}
