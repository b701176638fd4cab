/**
 * How a schema's `pattern` can be run. JSON Schema asks for ECMA-262 with the `u` flag; documents in the wild were written
 * for engines without it, or for other languages altogether.
 *
 * - `unicode`: with the `u` flag, as JSON Schema says
 * - `legacy`: only without it (an escape that `u` refuses)
 * - `foreign`: of another language's dialect: no engine here gives it the meaning it has there
 * - `broken`: no regular expression at all
 */
export type PatternKind = 'unicode' | 'legacy' | 'foreign' | 'broken'

/** Constructs of Perl, Python, Java, .NET and POSIX that ECMA-262 refuses or silently reads as something else. */
const foreign =
  /\(\?[a-zA-Z]+\)|\(\?P[<=>]|\(\?>|\(\?#|\(\?\(|\(\?[R\d&|]|\(\?[imsxnU-]+:|\\[AzZGQEhHRX](?![a-z])|\\[pP]\{|\[\[:\^?\w+:\]|[+*?}]\+|^([/~#]).*\1[a-z]*$/

export function patternKind(pattern: string): PatternKind {
  if (compiles(pattern, 'u')) return /^\/.*\/[a-z]*$/.test(pattern) ? 'foreign' : 'unicode'
  if (foreign.test(pattern)) return 'foreign'
  return compiles(pattern, '') ? 'legacy' : 'broken'
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}
