import { error } from './entry.ts'

/** Found while files, references and overlays are read (1-read). */
export const readDiagnostics = {
  'file-unreadable': error(({ file, reason }: { file: string; reason: string }) => `Cannot read ${file}: ${reason}.`),
  syntax: error(({ reason }: { reason: string }) => `This is not valid YAML or JSON: ${reason}`),
  'ref-not-found': error(({ ref }: { ref: string }) => `The reference "${ref}" leads nowhere.`),
} as const
