import type { ErrorObject } from 'ajv'
import { isObject } from '../../model/json.ts'
import { formats } from './formats.ts'

const types: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'empty',
}

/** What an option must be, to follow `"quota" `. */
export function problem(error: ErrorObject): string {
  const { keyword, params } = error
  if (keyword === 'anyOf' || keyword === 'oneOf') return `must be ${choices(error)}`
  if (keyword === 'minimum' || keyword === 'exclusiveMinimum') {
    return `must be ${keyword === 'minimum' ? 'at least' : 'more than'} ${params['limit']}`
  }
  if (keyword === 'maximum' || keyword === 'exclusiveMaximum') {
    return `must be ${keyword === 'maximum' ? 'at most' : 'less than'} ${params['limit']}`
  }
  if (keyword === 'minLength' || keyword === 'minItems' || keyword === 'minProperties') return 'must not be empty'
  if (keyword === 'maxProperties') {
    const names = isObject(error.parentSchema) ? Object.keys(error.parentSchema['properties'] ?? {}) : []
    return `must have ${params['limit'] === 1 ? 'one member' : `${params['limit']} members at most`}${names.length === 0 ? '' : `: ${names.join(' or ')}`}`
  }
  if (keyword === 'pattern') return `must be of the form ${params['pattern']}`
  if (keyword === 'uniqueItems') return 'must not name anything twice'
  if (keyword === 'false schema') return 'is not allowed here'
  const words = inWords(isObject(error.parentSchema) ? error.parentSchema : {})
  return words === undefined ? (error.message ?? 'is not allowed') : `must be ${words}`
}

function choices(error: ErrorObject): string {
  const branches = Array.isArray(error.schema) ? error.schema : []
  const words = branches.flatMap((branch) => (isObject(branch) ? (inWords(branch) ?? []) : []))
  return words.length === 0 ? 'something else' : [...new Set(words)].join(', or ')
}

/** A schema in a few words; undefined where it cannot be said in a few. */
function inWords(schema: { readonly [keyword: string]: unknown }): string | undefined {
  if (Array.isArray(schema['enum'])) return `one of ${[...new Set(schema['enum'].map(String))].join(', ')}`
  if (Object.hasOwn(schema, 'const')) return JSON.stringify(schema['const'])
  const { format, type, pattern } = schema
  if (typeof format === 'string' && Object.hasOwn(formats, format)) return formats[format]!.words
  if (typeof pattern === 'string' && type === 'string') return `text of the form ${pattern}`
  const names = Array.isArray(type) ? type : [type]
  const words = names.flatMap((name) => (typeof name === 'string' && Object.hasOwn(types, name) ? types[name]! : []))
  return words.length === 0 ? undefined : words.join(' or ')
}
