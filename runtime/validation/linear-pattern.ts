import { setFlagsFromString } from 'node:v8'

/**
 * A regular expression whose time grows with the text and no faster, for patterns that make a backtracking engine try
 * exponentially many ways. V8 has such an engine and keeps it behind a flag; the compiler has asked it for this pattern.
 */
export function linearPattern(source: string): RegExp {
  setFlagsFromString('--enable-experimental-regexp-engine')
  return new RegExp(source, 'l')
}
