import type { Diagnostic } from '../model/diagnostic.ts'
import { inOrder } from './print.ts'
import type { Sources } from './sources.ts'

/** One element of the array that `--json` prints. Members are only ever added. */
export interface JsonDiagnostic {
  readonly code: string
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly help?: string
  /** Relative to the folder the command ran in, with forward slashes. */
  readonly file: string
  /** 1-based; absent where the file's text is not known. */
  readonly line?: number
  readonly column?: number
  /** One past the last character, where the value ends on the same line. */
  readonly endColumn?: number
  /** JSON pointer (RFC 6901) into the file. */
  readonly pointer: string
  readonly related?: readonly {
    readonly message: string
    readonly file: string
    readonly line?: number
    readonly column?: number
    readonly pointer: string
  }[]
}

/** Diagnostics for a program, in the order in which they are printed for people. */
export function jsonReport(diagnostics: readonly Diagnostic[], sources: Sources | undefined): JsonDiagnostic[] {
  return inOrder(diagnostics, sources).map(({ diagnostic, position, related }) => {
    const { code, severity, message, help, place } = diagnostic
    return {
      code,
      severity,
      message,
      ...(help === undefined ? {} : { help }),
      file: place.file,
      ...position,
      pointer: place.pointer,
      ...(related.length === 0
        ? {}
        : {
            related: related.map(({ message, place, position }) => ({
              message,
              file: place.file,
              ...(position === undefined ? {} : { line: position.line, column: position.column }),
              pointer: place.pointer,
            })),
          }),
    }
  })
}
