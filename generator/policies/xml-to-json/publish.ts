import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { isXml } from '../media-types.ts'
import type { Publication, PublishScope, SchemaChange } from '../publication.ts'
import { restrictionsOf } from '../restrictions.ts'
import { withJson } from './with-json.ts'

interface Options {
  readonly unwrap?: 'none' | 'root' | 'soap'
  readonly int64?: 'number' | 'string'
  readonly nonFinite?: 'reject' | 'string'
}

/** Callers see JSON, with integers and numbers as they are written, and XML only where it may go out as it came. */
export function publishConverted(options: Options, scope: PublishScope): Publication {
  const changes = [
    ...(options.int64 === 'string' ? [inText] : []),
    ...(options.nonFinite === 'string' ? [orWords] : []),
  ]
  const isSoap = options.unwrap === 'soap'
  const originals = isHeldBack(scope) ? withoutXml : (response: JsonObject) => response
  return {
    response: (response) => originals(withJson(response)),
    ...(changes.length === 0 ? {} : { schema: all(changes) }),
    // A fault of SOAP comes with whatever status it has, or as 502.
    problems: (status) => (isSoap && /^[45d]/.test(status) ? 'also' : undefined),
    answer: (answer, status) => (isSoap || status !== '500' ? answer : undefined),
  }
}

/**
 * XML as it came cannot be looked at: where members must not go out that are undeclared, or are not for everybody, callers
 * who like it better get the JSON.
 */
export function isHeldBack({ contract, optionsOf, isAsked }: PublishScope): boolean {
  const options = optionsOf('sanitize')
  if (options === undefined) return false
  if (['strip', 'block'].includes(String(options['undeclared']))) return true
  const xml = contract.responses.flatMap(({ content }) => content).filter(({ mediaType }) => isXml(mediaType))
  return xml.some(({ schema }) => {
    const { hides, byRole } = restrictionsOf(schema)
    return byRole || (hides && isAsked('sanitize'))
  })
}

function withoutXml(response: JsonObject): JsonObject {
  const { content } = response
  if (!isObject(content)) return response
  const types = Object.entries(content as JsonObject)
  const kept = types.filter(([type]) => !isXml(type.split(';')[0]!.trim().toLowerCase()))
  return kept.length === types.length ? response : { ...response, content: Object.fromEntries(kept) }
}

/** Keywords of numbers, which say nothing of texts. */
const bounds = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'])
/** Keywords that give values. */
const values = new Set(['enum', 'const', 'default', 'example', 'examples'])

/** `int64: string`: what the numbers of many readers cannot hold is text. */
const inText: SchemaChange = {
  name: 'int64 string',
  change(schema) {
    const { type, format } = schema
    const types = [type].flat()
    if (!types.includes('integer') || (format !== 'int64' && format !== 'uint64')) return schema
    const kept = Object.entries(schema)
      .filter(([key]) => !bounds.has(key))
      .map(([key, value]): [string, Json] => [key, values.has(key) ? asText(value) : value])
    const names = [...new Set(types.map((one) => (one === 'integer' ? 'string' : one)))]
    return {
      ...Object.fromEntries(kept),
      type: names.length === 1 ? 'string' : (names as Json),
      pattern: format === 'int64' ? '^(0|-?[1-9][0-9]*)$' : '^(0|[1-9][0-9]*)$',
    }
  },
}

function asText(value: Json): Json {
  if (Array.isArray(value)) return value.map((one) => asText(one as Json))
  return typeof value === 'number' ? String(value) : value
}

/** `nonFinite: string`: what JSON has no numbers for. */
const orWords: SchemaChange = {
  name: 'nonFinite string',
  change(schema) {
    if (![schema['type']].flat().includes('number')) return schema
    return { anyOf: [schema, { enum: ['Infinity', '-Infinity', 'NaN'] }] }
  },
}

function all(changes: readonly SchemaChange[]): SchemaChange {
  return {
    name: changes.map(({ name }) => name).join(', '),
    change: (schema, resolve) => changes.reduce((value, { change }) => change(value, resolve), schema),
  }
}
