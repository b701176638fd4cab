/** Objects as maps, as the YAML of a consumers file is read: names never meet those of Object. */
export function asMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMaps)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([name, member]) => [name, asMaps(member)]))
}
