import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { WantedCertificate } from './case-certificates.ts'
import type { UpstreamAnswer } from './recording-upstream.ts'

/** A case file: a document, what is sent to the service compiled from it, and what is promised. See test/cases/README.md. */
export interface Case {
  readonly promise: string
  readonly spec?: unknown
  /** Instead of `spec`: a document of the repository, e.g. `specs/search.yaml`. */
  readonly specFile?: string
  /** Written beside the document: name → text, or an object that is written as JSON. */
  readonly files?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  /** Why answers are not held against the public contract of the service. */
  readonly contract?: string
  /** Compiled with `--lenient`. */
  readonly lenient?: boolean
  /** Certificates made for the case and written beside the document: name → `<name>.pem` and `<name>.key`. */
  readonly certificates?: Readonly<Record<string, WantedCertificate>>
  readonly upstream?: readonly UpstreamRule[]
  readonly exchanges: readonly CaseExchange[]
}

export interface UpstreamRule extends UpstreamAnswer {
  readonly match?: { readonly method?: string; readonly path?: string; readonly target?: string }
  /** Used for so many requests, then the next rule that matches takes over. */
  readonly times?: number
}

export interface CaseExchange {
  readonly request: {
    readonly method?: string
    readonly target: string
    readonly headers?: Readonly<Record<string, string | readonly string[]>>
    /** Text as it is; an object is sent as JSON with its Content-Type. */
    readonly body?: unknown
    /** One of `certificates`, which the client shows. */
    readonly certificate?: string
  }
  readonly expect: Expectation
  /** Milliseconds to wait first. */
  readonly wait?: number
  /** Asks again until the answer is as expected, for at most so many milliseconds: for what happens soon, not at once. */
  readonly within?: number
  /** Sends it so often, one after the other; each answer must be as expected. */
  readonly repeat?: number
  /** Sends it so often at once; each answer must be as expected. */
  readonly atOnce?: number
  /** Files to replace beside the document first, e.g. a consumers file that is picked up while the service runs. */
  readonly write?: Readonly<Record<string, unknown>>
}

export interface Expectation {
  readonly status?: number
  /** Equal text, `/regular expression/`, or null where the field must be absent. A list: every value, in order. */
  readonly headers?: Readonly<Record<string, string | number | null | readonly string[]>>
  /** A subset of the JSON body. */
  readonly json?: unknown
  /** The body, exactly. */
  readonly body?: string
  readonly upstream?: 'none' | number | ExpectedArrival | readonly ExpectedArrival[]
  /** A subset of some line the service logs. */
  readonly log?: unknown
  /** Lines of `/metrics`: equal text or `/regular expression/`. */
  readonly metrics?: readonly string[]
}

export interface ExpectedArrival {
  readonly method?: string
  readonly target?: string
  readonly headers?: Expectation['headers']
  readonly body?: unknown
}

export interface CaseFile {
  readonly policy: string
  readonly file: string
  readonly case: Case
}

/** Every case under `folder`, by policy and name. */
export function readCases(folder: string): CaseFile[] {
  const found: CaseFile[] = []
  for (const policy of readdirSync(folder, { withFileTypes: true })) {
    if (!policy.isDirectory()) continue
    for (const name of readdirSync(join(folder, policy.name)).sort()) {
      if (!name.endsWith('.yaml')) continue
      const file = `${policy.name}/${name}`
      found.push({ policy: policy.name, file, case: readCase(join(folder, file)) })
    }
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1))
}

const known = new Set([
  'promise',
  'spec',
  'specFile',
  'files',
  'env',
  'certificates',
  'contract',
  'lenient',
  'upstream',
  'exchanges',
])

function readCase(file: string): Case {
  const value: unknown = parse(readFileSync(file, 'utf8'))
  if (typeof value !== 'object' || value === null) throw new Error(`${file}: no case in it`)
  for (const key of Object.keys(value)) if (!known.has(key)) throw new Error(`${file}: "${key}" is not known here`)
  const read = value as Case
  if (typeof read.promise !== 'string') throw new Error(`${file}: a case says what it promises`)
  if (!Array.isArray(read.exchanges) || read.exchanges.length === 0) throw new Error(`${file}: no exchanges`)
  return read
}
