import type { TextPattern } from './linear-pattern.ts'

/** A pattern that only a backtracking engine takes, and that long texts make slow: texts of more UTF-16 units do not match. */
export function boundedPattern(source: string, flags: 'u' | '', upTo: number): TextPattern {
  const regExp = new RegExp(source, flags)
  return { test: (text) => text.length <= upTo && regExp.test(text) }
}
