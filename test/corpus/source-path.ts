import type { SourceParameter } from './source-operation.ts'

export interface SourcePath {
  /** What stands before `?` and `#`. */
  readonly path: string
  readonly parameters: readonly SourceParameter[]
  /** Pairs of the query that every request has. */
  readonly query: readonly string[]
  readonly headers: readonly (readonly [string, string])[]
}

/**
 * A key of `paths` with a `?` or `#`, by which authors tell operations of one path apart: what stands behind is asked of the
 * query, or of the parameter of that name.
 */
export function sourcePath(key: string, declared: readonly SourceParameter[]): SourcePath {
  const mark = key.replace(/\{[^{}]*\}/g, (variable) => '_'.repeat(variable.length)).search(/[?#]/)
  if (mark === -1) return { path: key, parameters: declared, query: [], headers: [] }
  let parameters = [...declared]
  const query: string[] = []
  const headers: (readonly [string, string])[] = []
  for (const piece of key.slice(mark + 1).split(/[&?#]/)) {
    const [name = '', ...rest] = piece.split('=')
    const value = rest.join('=')
    if (name === '' || /[{}]/.test(name)) continue
    const known =
      parameters.find((one) => one.in === 'query' && one.name === name) ??
      parameters.find((one) => one.in === 'header' && one.name.toLowerCase() === name.toLowerCase())
    if (/[{}]/.test(value)) continue
    if (known === undefined) {
      if (value !== '' || key[mark] === '?') query.push(piece)
    } else if (value === '') {
      parameters = parameters.map((one) => (one === known ? { ...one, required: true, isAsked: true } : one))
    } else {
      parameters = parameters.filter((one) => one !== known)
      if (known.in === 'query') query.push(piece)
      else headers.push([known.name, value])
    }
  }
  return { path: key.slice(0, mark), parameters, query, headers }
}
