import type { Exchange } from '../../core/exchange.ts'
import type { Policy } from '../../core/policy.ts'
import type { Fault } from '../../core/problem.ts'
import { type Rejection, reject } from '../../core/rejection.ts'
import type { Details } from '../../validation/details.ts'
import type { Parameter } from '../../validation/parameter.ts'
import type { Unknown } from '../../validation/query.ts'
import { type BodyOptions, bodyChecker } from './body.ts'
import { cookieChecker, type FieldsOptions, headerChecker } from './fields.ts'
import { type PathOptions, pathChecker } from './path.ts'
import { type QuerystringOptions, queryChecker, querystringChecker } from './query.ts'

/** What an operation takes. What is left out is not declared. */
export interface ValidateRequestOptions extends PathOptions {
  readonly query?: readonly Parameter[]
  readonly header?: readonly Parameter[]
  readonly cookie?: readonly Parameter[]
  /** OpenAPI 3.2: the whole query by a media type. */
  readonly querystring?: QuerystringOptions
  readonly body?: BodyOptions
  /** `detect` notes what is wrong and lets it pass. Default: enforce. */
  readonly mode?: 'detect'
  /** What happens to what is not declared. Default: refused in queries and forms, passed in headers and cookies. */
  readonly unknown?: {
    readonly query?: Unknown
    readonly header?: Unknown
    readonly cookie?: Unknown
    readonly form?: Unknown
  }
  /** Names of credentials that another policy answers for. */
  readonly credentials?: FieldsOptions
  /** `any`: bodies of undeclared media types pass unread. Default: 415. */
  readonly contentType?: 'any'
  /** How much an answer tells. Default: masked. */
  readonly details?: Exclude<Details, 'masked'>
  /** How many faults an answer lists. Default: 10. */
  readonly maxErrors?: number
  /** How deep JSON may nest, and how many items its arrays may have. Default: 64 and 10000. */
  readonly jsonDepth?: number
  readonly arrayItems?: number
  /** How many parts a multipart body may have. Default: 100. */
  readonly multipartParts?: number
}

/** Checks one part of a request and adds what is wrong with it. */
export type PartChecker = (exchange: Exchange, faults: Fault[]) => void

/**
 * Refuses requests that do not meet the contract: 400 with every fault found (RFC 9457), 415 for undeclared media types.
 * What passes is forwarded as the bytes that came.
 */
export function validateRequest(options: ValidateRequestOptions): Policy {
  const { unknown = {}, credentials = {}, mode } = options
  const rules: Rules = { details: options.details ?? 'masked', room: options.maxErrors ?? 10 }
  const altering = mode === undefined
  const parts = [
    pathChecker(options, rules),
    options.querystring === undefined
      ? queryChecker(options.query, settle(unknown.query ?? 'reject', altering), credentials.query, rules)
      : querystringChecker(options.querystring, rules),
    headerChecker(options.header, settle(unknown.header ?? 'pass', altering), credentials.header, rules),
    cookieChecker(options.cookie, settle(unknown.cookie ?? 'pass', altering), credentials.cookie, rules),
  ].filter((part) => part !== undefined)
  const checkBody = bodyChecker(options.body, {
    ...rules,
    unknown: settle(unknown.form ?? 'reject', altering),
    anyMediaType: options.contentType === 'any',
    detects: mode === 'detect',
    refuse,
    limits: {
      depth: options.jsonDepth ?? 64,
      items: options.arrayItems ?? 10_000,
      ...(options.multipartParts === undefined ? {} : { parts: options.multipartParts }),
    },
  })

  return (next) => (exchange) => {
    const faults: Fault[] = []
    for (const check of parts) check(exchange, faults)
    const body = checkBody(exchange, faults)
    if (body === undefined) {
      if (faults.length > 0) judged(exchange, faults)
      return next(exchange)
    }
    return body.then(() => {
      if (faults.length > 0) judged(exchange, faults)
      return next(exchange)
    })
  }

  function judged(exchange: Exchange, faults: readonly Fault[]): void {
    if (mode !== 'detect') throw refuse(exchange, faults)
    exchange.record('validateRequest', 'detected', { faults: faults.map(place) })
  }

  function refuse(exchange: Exchange, faults: readonly Fault[]): Rejection {
    exchange.record('validateRequest', 'rejected', { faults: faults.map(place) })
    return reject('invalid-request', rules.details === 'none' ? {} : { errors: faults.slice(0, rules.room) })
  }
}

export interface Rules {
  readonly details: Details
  /** At most so many faults are of interest. */
  readonly room: number
}

/** What only watches does not alter requests. */
function settle(unknown: Unknown, altering: boolean): Unknown {
  return unknown === 'strip' && !altering ? 'pass' : unknown
}

/** For the log: the contract's own words. Pointers and unknown names are the caller's. */
function place({ pointer, parameter, header, keyword }: Fault): Readonly<Record<string, string>> {
  if (pointer !== undefined) return { pointer, keyword }
  return header === undefined ? { parameter: parameter ?? '', keyword } : { header, keyword }
}
