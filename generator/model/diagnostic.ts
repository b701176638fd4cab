import type { Place } from './place.ts'

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
}
