import type { QueryKey } from '../../../runtime/policies/cache/key.ts'
import type { ParameterContract } from '../../model/contract.ts'
import { isObject, member } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import type { OperationScope } from '../define.ts'
import type { Options } from './options.ts'

/**
 * The query parameters of the key. Unknown ones normally never arrive; where the document lets them through to the
 * upstream, they shape answers, so that all belong to the key.
 */
export function keyQuery(asked: NonNullable<Options['key']>['query'], scope: OperationScope): QueryKey {
  if (asked === 'all' || (asked === undefined && letsUnknownThrough(scope))) return 'all'
  const names: string[] = []
  for (const parameter of scope.contract.parameters) {
    if (parameter.in !== 'query' && parameter.in !== 'querystring') continue
    const own = queryNames(parameter)
    if (own === undefined) return 'all'
    names.push(...own)
  }
  return [...new Set(names)].sort()
}

function letsUnknownThrough(scope: OperationScope): boolean {
  const options = scope.optionsOf('validateRequest')
  if (options === undefined) return true
  return (options['request'] ?? 'enforce') !== 'enforce' || member(options['unknown'], 'query') === 'pass'
}

/** The names a parameter has on the wire; undefined where they can be any. `filter[*]` is every name below `filter`. */
function queryNames(parameter: ParameterContract): string[] | undefined {
  const { name, style, explode, schema } = parameter
  if (parameter.in === 'querystring') return undefined
  if (parameter.content !== undefined) return [name]
  if (style === 'deepObject') return [`${name}[*]`]
  if (style !== 'form' || !explode || isNoObject(schema)) return [name]
  return propertyNames(schema)
}

/** True where the schema says that the value is a scalar or an array. */
function isNoObject(schema: SpecNode | undefined): boolean {
  const types = typesOf(schema)
  return types.length > 0 && !types.includes('object')
}

function typesOf(schema: SpecNode | undefined): readonly unknown[] {
  const type = schema?.resolve().at('type')?.value
  return type === undefined ? [] : Array.isArray(type) ? type : [type]
}

/** An exploded object is sent as its properties (style `form`). */
function propertyNames(schema: SpecNode | undefined): string[] | undefined {
  const object = schema?.resolve()
  const properties = object?.at('properties')?.value
  if (!isObject(properties) || object?.at('additionalProperties')?.value !== false) return undefined
  const isOpen = ['allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas', '$dynamicRef'].some(
    (keyword) => object.at(keyword) !== undefined,
  )
  return isOpen ? undefined : Object.keys(properties)
}

/** What absent query parameters stand for: `?limit=20` and no limit are one request where 20 is the default. */
export function keyDefaults(scope: OperationScope): { readonly defaults?: Readonly<Record<string, string>> } {
  const found = scope.contract.parameters.flatMap((parameter): [string, string][] => {
    const schema =
      parameter.in === 'query' && parameter.content === undefined ? parameter.schema?.resolve().value : null
    const fallback = isObject(schema) ? schema['default'] : undefined
    return ['string', 'number', 'boolean'].includes(typeof fallback) ? [[parameter.name, String(fallback)]] : []
  })
  return found.length === 0 ? {} : { defaults: Object.fromEntries(found) }
}

/**
 * The request headers of the key. Where the upstream says how its answers may be used, it says in `Vary` what they depend
 * on; where it says nothing, any header may have shaped them.
 */
export function keyHeaders(asked: readonly string[] | undefined, mode: 'rfc9111' | 'ttl'): 'all' | string[] {
  if (asked === undefined) return mode === 'ttl' ? 'all' : []
  return [...new Set(asked.map((name) => name.toLowerCase()))].sort()
}
