import type { Fields } from './headers.ts'
import { type Fault, type Problem, type ProblemKind, problems, problemType } from './problem.ts'

export interface RejectionOptions {
  /** For the caller: what is wrong and what mends it. Never a submitted value, an upstream address or schema text. */
  readonly detail?: string
  readonly errors?: readonly Fault[]
  /** Response fields the refusal needs, such as `WWW-Authenticate`, `Allow` or `Retry-After`. */
  readonly headers?: Fields
  /** For the log only; never sent. */
  readonly cause?: unknown
  /** Members beyond those of RFC 9457, such as `violated-policies`. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/**
 * A request refused. Policies throw it (or return a promise that rejects with it); the server turns it into an
 * `application/problem+json` answer. It has no stack: refusing is ordinary work and must be cheap.
 */
export class Rejection extends Error {
  readonly kind: ProblemKind
  readonly status: number
  readonly options: RejectionOptions

  constructor(kind: ProblemKind, options: RejectionOptions = {}) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(problems[kind][1])
    Error.stackTraceLimit = limit
    this.name = 'Rejection'
    this.kind = kind
    this.status = problems[kind][0]
    this.options = options
  }

  /** @param instance what names this occurrence, e.g. `urn:uuid:…` of the request */
  problem(instance?: string): Problem {
    const { detail, errors, extensions } = this.options
    return {
      type: problemType(this.kind),
      title: problems[this.kind][1],
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      ...(instance === undefined ? {} : { instance }),
      ...(errors === undefined ? {} : { errors }),
      ...extensions,
    }
  }
}

/** Reads at the call as what it does: `throw reject('not-found')`. */
export function reject(kind: ProblemKind, options?: RejectionOptions): Rejection {
  return new Rejection(kind, options)
}
