import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** A document with what the compiler must say about it, and where. See test/rejects/README.md. */
export interface Reject {
  readonly promise: string
  /** The text of `spec.yaml`, so that lines can be counted. */
  readonly document: string
  /** The text of `spec.overlay.yaml`. */
  readonly overlay?: string
  /** Texts of other files beside it. */
  readonly files?: Readonly<Record<string, string>>
  /** Compiled with `--strict`. */
  readonly strict?: boolean
  /** Every error there is; of warnings, those that matter here. Empty: nothing is refused. */
  readonly expect: readonly ExpectedFinding[]
}

export interface ExpectedFinding {
  readonly code: string
  /** Default: `spec.yaml`. */
  readonly file?: string
  /** 1-based. */
  readonly line: number
  readonly column: number
  readonly severity?: 'error' | 'warning' | 'info'
  /** A part of message and help. */
  readonly says?: string
}

export interface RejectFile {
  readonly phase: string
  readonly file: string
  readonly case: Reject
}

const known = new Set(['promise', 'document', 'overlay', 'files', 'strict', 'expect'])

/** Every case under `folder`, by phase and name. */
export function readRejects(folder: string): RejectFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((phase) => phase.isDirectory())
    .flatMap((phase) =>
      readdirSync(join(folder, phase.name))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => {
          const file = `${phase.name}/${name}`
          return { phase: phase.name, file, case: readReject(join(folder, file)) }
        }),
    )
    .sort((a, b) => (a.file < b.file ? -1 : 1))
}

function readReject(file: string): Reject {
  const value: unknown = parse(readFileSync(file, 'utf8'))
  if (typeof value !== 'object' || value === null) throw new Error(`${file}: no case in it`)
  for (const key of Object.keys(value)) if (!known.has(key)) throw new Error(`${file}: "${key}" is not known here`)
  const read = value as Reject
  if (typeof read.promise !== 'string' || typeof read.document !== 'string' || !Array.isArray(read.expect)) {
    throw new Error(`${file}: a case has promise, document and expect`)
  }
  return read
}
