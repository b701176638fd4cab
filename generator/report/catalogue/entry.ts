import type { Diagnostic, Narrows } from '../../model/diagnostic.ts'

/** What the catalogue says of one diagnostic. `G`: what the message must be told. */
export interface CatalogueEntry<G> {
  readonly severity: Diagnostic['severity']
  readonly message: (gaps: G) => string
  readonly help?: string | ((gaps: G) => string | undefined)
  /** What `--lenient` makes of the error; without, it stays one. */
  readonly narrows?: Narrows
  /** A warning that `--strict` makes an error of: something stays unprotected. */
  readonly strict?: true
}

/** Gives an entry its type: the gaps of the message are what `report()` then demands. */
export function error<G = Record<string, never>>(message: (gaps: G) => string, help?: CatalogueEntry<G>['help']) {
  return { severity: 'error', message, ...(help === undefined ? {} : { help }) } as const
}

export function warning<G = Record<string, never>>(message: (gaps: G) => string, help?: CatalogueEntry<G>['help']) {
  return { severity: 'warning', message, ...(help === undefined ? {} : { help }) } as const
}

/** A warning that something stays unprotected: an error with `--strict`. */
export function exposure<G = Record<string, never>>(message: (gaps: G) => string, help?: CatalogueEntry<G>['help']) {
  return { ...warning(message, help), strict: true } as const
}

export function info<G = Record<string, never>>(message: (gaps: G) => string, help?: CatalogueEntry<G>['help']) {
  return { severity: 'info', message, ...(help === undefined ? {} : { help }) } as const
}

/** An error that `--lenient` can do without: by leaving out the operations that need what is wrong, or by another name. */
export function narrowable<G = Record<string, never>>(
  narrows: Narrows,
  message: (gaps: G) => string,
  help?: CatalogueEntry<G>['help'],
) {
  return { ...error(message, help), narrows } as const
}
