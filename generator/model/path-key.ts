/** A part of the query, or a field, that a path key asks for: `/rest?method=list`, `/{bucket}#acl`. */
export interface Condition {
  readonly in: 'query' | 'header'
  readonly name: string
  /** Undefined: any value, as long as it is there. */
  readonly value: string | undefined
}

interface Piece {
  readonly name: string
  readonly value: string | undefined
  /** `?page={page}`: whatever it is. */
  readonly isVariable: boolean
}

export interface PathKey {
  /** What is compared with the path of a request. */
  readonly path: string
  /** What stands behind `?` or `#`; no path has either, but authors tell operations of one path apart by it. */
  readonly pieces: readonly Piece[]
  /** Behind `#`, a word that is no parameter is a label and asks for nothing. */
  readonly isFragment: boolean
}

/** A key of `paths` taken apart; text in braces belongs to the variable. */
export function readPathKey(key: string): PathKey {
  const mark = key.replace(/\{[^{}]*\}/g, (variable) => '_'.repeat(variable.length)).search(/[?#]/)
  if (mark === -1) return { path: key, pieces: [], isFragment: false }
  const pieces = key
    .slice(mark + 1)
    .split(/[&?#]/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const equals = piece.indexOf('=')
      const name = plain(equals === -1 ? piece : piece.slice(0, equals))
      const value = equals === -1 ? undefined : piece.slice(equals + 1)
      const isVariable = value !== undefined && /[{}]/.test(value)
      return { name, value: value === undefined || value === '' || isVariable ? undefined : plain(value), isVariable }
    })
  return { path: key.slice(0, mark), pieces, isFragment: key[mark] === '#' }
}

/** @param declared the operation's parameter of that name there, if it has one */
export function conditionsOf(
  { pieces, isFragment }: PathKey,
  declared: (place: 'query' | 'header', name: string) => 'required' | 'optional' | undefined,
): Condition[] {
  return pieces.flatMap(({ name, value, isVariable }): Condition[] => {
    if (name === '' || /[{}]/.test(name)) return []
    const query = declared('query', name)
    // `/list?page={page}` lists a parameter that may well be left out.
    if (query !== undefined) return isVariable && query === 'optional' ? [] : [{ in: 'query', name, value }]
    if (declared('header', name) !== undefined) return [{ in: 'header', name: name.toLowerCase(), value }]
    return isFragment && value === undefined ? [] : [{ in: 'query', name, value }]
  })
}

/** The same for the same conditions, in whatever order they are written; '' for none. */
export function conditionsKey(conditions: readonly Condition[]): string {
  return conditions
    .map(({ in: place, name, value }) => JSON.stringify([place, name, value ?? null]))
    .sort()
    .join()
}

/** For people: `method=list`, `the header x-copy`. */
export function conditionsInWords(conditions: readonly Condition[]): string {
  return conditions
    .map(({ in: place, name, value }) => {
      const written = value === undefined ? name : `${name}=${value}`
      return place === 'query' ? written : `the header ${written}`
    })
    .join(', ')
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** An operation as far as requests can tell. */
export interface Requested {
  readonly method: string
  readonly key: string
  readonly conditions: readonly Condition[]
}

/** The same for operations that the same requests mean. */
export function requestKey({ method, key, conditions }: Requested): string {
  return `${method} ${readPathKey(key).path.replace(/\{[^{}]*\}/g, '{}')} ${conditionsKey(conditions)}`
}

/**
 * Operations that only a label behind `#` tells from another: no request can mean them. Each with the one that is served; one
 * without a label comes first.
 */
export function unreachable<T extends Requested>(operations: readonly T[]): ReadonlyMap<T, T> {
  const found = new Map<T, T>()
  for (const group of Map.groupBy(operations, requestKey).values()) {
    if (group.length === 1) continue
    const isLabelled = ({ key, conditions }: T): boolean => {
      const { isFragment, pieces } = readPathKey(key)
      return isFragment && pieces.length > conditions.length
    }
    const served = group.find((one) => !isLabelled(one)) ?? group[0]!
    for (const one of group) if (one !== served && isLabelled(one)) found.set(one, served)
  }
  return found
}
