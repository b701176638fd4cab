import { error } from './entry.ts'

/** Found while the service is planned (3-plan). */
export const planDiagnostics = {
  'path-conflict': error(
    ({ path, other }: { path: string; other: string }) => `"${path}" matches the same requests as "${other}".`,
    'Paths of one shape cannot be told apart; keep one of them.',
  ),
} as const
