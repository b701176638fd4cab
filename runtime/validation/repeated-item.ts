/**
 * The index of the first item that equals an earlier one, or -1: the keyword `uniqueItems`. Comparing each with each would
 * let a caller spend seconds of our time with one array of objects, so items are told apart by a canonical text.
 */
export function repeatedItem(items: readonly unknown[]): number {
  if (items.length < 2) return -1
  const scalars = new Set<unknown>()
  const structures = new Set<string>()
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (typeof item !== 'object' || item === null) {
      if (scalars.has(item)) return i
      scalars.add(item)
    } else {
      const text = canonical(item)
      if (structures.has(text)) return i
      structures.add(text)
    }
  }
  return -1
}

/** The same text for equal values: members sorted by name. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const members = value as { readonly [key: string]: unknown }
  return `{${Object.keys(members)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(members[key])}`)
    .join()}}`
}
