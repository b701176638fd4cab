/**
 * Where a value was written: a file and a JSON pointer into it (RFC 6901). It travels with the value through every
 * phase; line and column are computed only when a diagnostic is printed.
 */
export interface Place {
  /** The file as the author named it: relative to the folder the command runs in. */
  readonly file: string
  /** '' is the whole file. A pointer to something absent (a missing member) means the nearest parent there is. */
  readonly pointer: string
  /** Whether the member's key is meant rather than its value, e.g. for an unknown key. */
  readonly at?: 'key' | 'value'
  /** Known already (a syntax error has no pointer): 1-based. */
  readonly line?: number
  readonly column?: number
}

/** One reference token, escaped for a JSON pointer (RFC 6901 §3). */
export function pointerToken(key: string | number): string {
  const text = String(key)
  return text.includes('~') || text.includes('/') ? text.replaceAll('~', '~0').replaceAll('/', '~1') : text
}

/** The tokens of a pointer, unescaped. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function childPlace(place: Place, key: string | number, at: 'key' | 'value' = 'value'): Place {
  return { file: place.file, pointer: `${place.pointer}/${pointerToken(key)}`, at }
}
