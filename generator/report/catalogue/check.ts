import { error } from './entry.ts'

/** Found while the document is checked (2-check). */
export const checkDiagnostics = {
  'unknown-key': error(
    ({ key }: { key: string; nearest?: string }) => `"${key}" is not known here.`,
    ({ nearest }) => (nearest === undefined ? undefined : `Did you mean "${nearest}"?`),
  ),
} as const
