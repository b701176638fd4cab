import type { CatalogueEntry } from '../reporter.ts'

/** Gives an entry its type: the gaps of the message are what `report()` then demands. */
export function error<G = Record<string, never>>(message: (gaps: G) => string, help?: CatalogueEntry<G>['help']) {
  return { severity: 'error', message, ...(help === undefined ? {} : { help }) } as const
}

export function warning<G = Record<string, never>>(message: (gaps: G) => string, help?: CatalogueEntry<G>['help']) {
  return { severity: 'warning', message, ...(help === undefined ? {} : { help }) } as const
}

export function info<G = Record<string, never>>(message: (gaps: G) => string, help?: CatalogueEntry<G>['help']) {
  return { severity: 'info', message, ...(help === undefined ? {} : { help }) } as const
}
