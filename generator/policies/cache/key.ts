import type { QueryKey } from '../../../runtime/policies/cache/key.ts'
import type { OperationContract, ParameterContract } from '../../model/contract.ts'
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
    const pairs = isObject(schema) ? written(parameter, schema['default']) : undefined
    return pairs === undefined ? [] : [[parameter.name, pairs]]
  })
  return found.length === 0 ? {} : { defaults: Object.fromEntries(found) }
}

/** A value as clients send it, by `style` and `explode`; undefined for objects and for what is sent as nothing. */
function written({ name, style, explode }: ParameterContract, value: unknown): string | undefined {
  const key = encodeURIComponent(name)
  if (isScalar(value)) return `${key}=${encodeURIComponent(String(value))}`
  if (!Array.isArray(value) || value.length === 0 || !value.every(isScalar)) return undefined
  const items = value.map((item) => encodeURIComponent(String(item)))
  if (explode) return items.map((item) => `${key}=${item}`).join('&')
  return `${key}=${items.join(style === 'pipeDelimited' ? '%7C' : style === 'spaceDelimited' ? '%20' : ',')}`
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** Declared, and yet not what answers are told apart by: rules of their own judge them, or every request has another. */
const neverKeyed: ReadonlySet<string> = new Set([
  ...['authorization', 'cookie', 'cache-control', 'pragma', 'range', 'if-range', 'if-match', 'if-none-match'],
  ...['if-modified-since', 'if-unmodified-since', 'user-agent', 'referer', 'date', 'content-type', 'content-length'],
  ...['x-request-id', 'x-correlation-id', 'traceparent', 'tracestate', 'baggage', 'b3'],
])

/**
 * The request headers and cookies of the key: those that are named; else what the contract declares, since it shapes the
 * answer also where the upstream forgets to say `Vary`. Where the upstream says nothing at all, any header may have shaped it.
 */
export function keyHeaders(
  asked: readonly string[] | undefined,
  mode: 'rfc9111' | 'ttl',
  { parameters }: OperationContract,
): { readonly headers: 'all' | readonly string[]; readonly cookies?: readonly string[] } {
  if (asked !== undefined) return { headers: sorted(asked.map((name) => name.toLowerCase())) }
  const declared = (place: 'header' | 'cookie'): string[] =>
    parameters.filter((parameter) => parameter.in === place).map(({ name }) => name)
  const headers = declared('header').map((name) => name.toLowerCase())
  const cookies = sorted(declared('cookie'))
  return {
    headers: mode === 'ttl' ? 'all' : sorted(headers.filter((name) => !neverKeyed.has(name))),
    ...(cookies.length === 0 ? {} : { cookies }),
  }
}

/** Fields that bring credentials by names that do not tell: they are gone when the cache sees the request. */
export function credentialFields({ security = [] }: OperationContract): { readonly credentials?: readonly string[] } {
  const names = security.flat().flatMap(({ scheme }) => {
    const name = scheme.in === 'header' ? scheme.parameterName?.toLowerCase() : undefined
    return name === undefined || /auth|cookie|key|session|token/.test(name) ? [] : [name]
  })
  return names.length === 0 ? {} : { credentials: sorted(names) }
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
