import type { Place } from './place.ts'

/**
 * `operation`: operations that need what is wrong are left out. `keyword`: only what is wrong is, so that more is allowed.
 * `name`: another name is made up.
 */
export type Narrows = 'operation' | 'keyword' | 'name'

export type Severity = 'error' | 'warning' | 'info'

/** One finding about a document, with its place; made by `report/`, printed or given as JSON at the end. */
export interface Diagnostic {
  /** Stable: people suppress, search and test by it. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** What mends it, where that can be said. */
  readonly help?: string
  readonly place: Place
  /** Other places that matter: the first of two duplicates, the reference that led here. */
  readonly related?: readonly { readonly place: Place; readonly message: string }[]
  /** The operations it is about, where that is less than everything at its place. */
  readonly concerns?: readonly Place[]
  /** What `--lenient` makes of the error. */
  readonly narrows?: Narrows
}
