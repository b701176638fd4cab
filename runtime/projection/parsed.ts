/** How many members an object has. */
export function size(value: unknown): number {
  let count = 0
  // What JSON.parse makes inherits no enumerable member.
  for (const _ in value as object) count++
  return count
}

/** How many members all objects in a value have. */
export function sizeOfAll(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = Array.isArray(value) ? 0 : size(value)
  for (const inner of Object.values(value)) count += sizeOfAll(inner)
  return count
}

/** What stands under a name or an index of what JSON.parse made; the text has it there. */
export function at(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
}
