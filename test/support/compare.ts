/** What differs between `actual` and what was expected, as `path: expected …, got …`; empty where it fits. */
export function differences(actual: unknown, expected: unknown, path = ''): string[] {
  if (typeof expected === 'string') {
    return matches(actual, expected) ? [] : [line(path, expected, actual)]
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [line(path, expected, actual)]
    if (actual.length !== expected.length) {
      return [`${path || 'it'}: expected ${expected.length} items, got ${actual.length}: ${shown(actual)}`]
    }
    return expected.flatMap((item, index) => differences(actual[index], item, `${path}/${index}`))
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return [line(path, expected, actual)]
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(
        Object.hasOwn(actual, key) ? (actual as Record<string, unknown>)[key] : undefined,
        value,
        `${path}/${key}`,
      ),
    )
  }
  return Object.is(actual, expected) ? [] : [line(path, expected, actual)]
}

/** Equal, or fitting an expected `/regular expression/`. */
export function matches(actual: unknown, expected: string): boolean {
  const pattern = /^\/(.*)\/([a-z]*)$/s.exec(expected)
  if (pattern === null || typeof actual !== 'string') return actual === expected
  return actual === expected || new RegExp(pattern[1]!, pattern[2]).test(actual)
}

export function line(path: string, expected: unknown, actual: unknown): string {
  return `${path || 'it'}: expected ${shown(expected)}, got ${shown(actual)}`
}

export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}
