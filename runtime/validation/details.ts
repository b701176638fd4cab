import type { Fault } from '../core/problem.ts'
import type { ValidationError } from '../core/validator.ts'

/** How much an answer says: `masked` names places and rules, `full` also allowed values, `none` nothing. */
export type Details = 'masked' | 'full' | 'none'

/** Of a failed keyword: the place it is about (a JSON pointer) and a sentence's end that never repeats what was sent. */
export function explain(
  error: ValidationError,
  details: Details,
): { pointer: string; detail: string; keyword: string } {
  const { instancePath, keyword, params } = error
  const within = memberNamed(params)
  if (within !== undefined) {
    return {
      pointer: `${instancePath}/${pointerToken(within)}`,
      detail: memberDetail(keyword),
      keyword: keywordOf(error),
    }
  }
  return { pointer: instancePath, detail: detailOf(error, details), keyword }
}

/** Faults of a body: each names its place. */
export function bodyFaults(
  errors: readonly ValidationError[] | null | undefined,
  details: Details,
  room: number,
): Fault[] {
  return distinct(errors, room).map((error) => explain(error, details))
}

/** The first `room` errors, without repetitions: a schema may ask for the same thing in several places. */
export function distinct(errors: readonly ValidationError[] | null | undefined, room: number): ValidationError[] {
  const found: ValidationError[] = []
  const seen = new Set<string>()
  for (const error of errors ?? []) {
    if (found.length >= room) break
    if (error.keyword === 'if' || (error.keyword === 'format' && isMistyped(errors!, error))) continue
    const key = `${error.keyword} ${error.instancePath} ${memberNamed(error.params) ?? ''}`
    if (seen.has(key)) continue
    seen.add(key)
    found.push(error)
  }
  // `if` alone says nothing that its `then` has not said; where nothing else is there it must do.
  return found.length === 0 && errors?.length ? [errors[0]!] : found
}

/** A number that is no integer is no 64-bit integer either: that need not be said. */
function isMistyped(errors: readonly ValidationError[], { instancePath }: ValidationError): boolean {
  return errors.some((other) => other.keyword === 'type' && other.instancePath === instancePath)
}

/** The member that is missing or too much: the pointer names it, not the object. */
function memberNamed(params: ValidationError['params']): string | undefined {
  for (const key of ['missingProperty', 'additionalProperty', 'unevaluatedProperty', 'propertyName'] as const) {
    if (typeof params[key] === 'string') return params[key]
  }
  return typeof params['missing'] === 'boolean' ? String(params['property']) : undefined
}

function keywordOf({ keyword, params }: ValidationError): string {
  if (keyword !== 'variants') return keyword
  return params['missing'] === true ? 'required' : 'discriminator'
}

function memberDetail(keyword: string): string {
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return 'is required'
    case 'propertyNames':
      return 'is not an allowed name'
    case 'variants':
      return 'must name one of the declared forms'
    default:
      return 'is not declared'
  }
}

const comparisons: Readonly<Record<string, string>> = {
  '<=': 'at most',
  '>=': 'at least',
  '<': 'less than',
  '>': 'greater than',
}

function detailOf({ keyword, params }: ValidationError, details: Details): string {
  const limit = String(params['limit'])
  switch (keyword) {
    case 'type':
      return `must be ${typeNames(params['type'])}`
    case 'enum':
      return details === 'full'
        ? `must be one of ${listed(params['allowedValues'])}`
        : 'must be one of the allowed values'
    case 'const':
      return details === 'full' ? `must be ${JSON.stringify(params['allowedValue'])}` : 'must be the allowed value'
    case 'format':
      return `must be a valid ${String(params['format'])}`
    case 'pattern':
      return details === 'full' ? `must match ${String(params['pattern'])}` : 'must match the declared pattern'
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${comparisons[String(params['comparison'])] ?? 'within'} ${limit}`
    case 'multipleOf':
      return `must be a multiple of ${String(params['multipleOf'])}`
    case 'minLength':
      return `must have at least ${counted(limit, 'character')}`
    case 'maxLength':
      return `must have at most ${counted(limit, 'character')}`
    case 'minItems':
      return `must have at least ${counted(limit, 'item')}`
    case 'maxItems':
    case 'items':
      return `must have at most ${counted(limit, 'item')}`
    case 'minProperties':
      return `must have at least ${counted(limit, 'member')}`
    case 'maxProperties':
      return `must have at most ${counted(limit, 'member')}`
    case 'uniqueItems':
      return 'must not repeat an item'
    case 'oneOf':
      return Array.isArray(params['passingSchemas']) ? 'must match only one of the declared forms' : noForm
    case 'anyOf':
      return noForm
    default:
      return otherDetails[keyword] ?? `must meet "${keyword}"`
  }
}

const noForm = 'must match one of the declared forms'

const otherDetails: Readonly<Record<string, string>> = {
  not: 'must not be of a forbidden form',
  contains: 'must hold the items that are asked for',
  unevaluatedItems: 'must not have further items',
  'false schema': 'is not allowed',
  if: 'must meet the condition that applies to it',
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  null: 'null',
}

function typeNames(type: unknown): string {
  const types = Array.isArray(type) ? type : String(type).split(',')
  return types.map((name) => nouns[String(name)] ?? String(name)).join(' or ')
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : 'the allowed values'
}

function counted(count: string, noun: string): string {
  return `${count} ${noun}${count === '1' ? '' : 's'}`
}

/** Escaped for a JSON pointer (RFC 6901 §3), and cut: a member's name may be as long as a body. */
function pointerToken(name: string): string {
  const short = name.length > 128 ? `${name.slice(0, 128)}…` : name
  return short.replaceAll('~', '~0').replaceAll('/', '~1')
}
