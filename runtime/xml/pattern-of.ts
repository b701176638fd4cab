/** A pattern of names as JSON Schema means it; without the flag `u` where it is none with it. The compiler has judged it. */
export function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}

/** Longer names are no element's (see names.ts), and would keep some patterns busy. */
const longest = 512

/** The value of the members called `name`: of the first pattern that matches, else what `others` are. */
export function patternValue<Value>(
  patterns: readonly { readonly pattern: RegExp; readonly value: Value }[],
  name: string,
  others: Value | undefined,
): Value | undefined {
  if (name.length > longest) return others
  for (const { pattern, value } of patterns) if (pattern.test(name)) return value
  return others
}
