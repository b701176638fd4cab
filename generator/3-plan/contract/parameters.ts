import type { ParameterContract } from '../../model/contract.ts'
import type { Condition } from '../../model/path-key.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { readContent, schemaOf } from './media.ts'

const defaultStyle = { path: 'simple', query: 'form', querystring: 'form', header: 'simple', cookie: 'form' } as const

/** Header parameters that OpenAPI has described elsewhere: "shall be ignored" (§4.12.1). */
const ignoredHeaders = new Set(['accept', 'content-type', 'authorization'])

/** The parameters of an operation: those of its path item, overridden by its own of the same name and place. */
export function readParameters(pathItem: SpecNode, operation: SpecNode): ParameterContract[] {
  const merged = new Map<string, ParameterContract>()
  for (const list of [pathItem.get('parameters'), operation.get('parameters')]) {
    for (const item of list?.items() ?? []) {
      const parameter = readParameter(item.resolve())
      if (parameter === undefined) continue
      // Field names differ in nothing but the case of their letters (RFC 9110 §5.1).
      const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name
      merged.set(`${parameter.in}:${name}`, parameter)
    }
  }
  return [...merged.values()]
}

export function isCalled(parameter: ParameterContract, place: string, name: string): boolean {
  if (parameter.in !== place) return false
  return place === 'header' ? parameter.name.toLowerCase() === name.toLowerCase() : parameter.name === name
}

/** What a path key asks of the query, where no parameter declares it: `/rest?method=list`. */
export function impliedParameters(
  conditions: readonly Condition[],
  declared: readonly ParameterContract[],
  operation: SpecNode,
): ParameterContract[] {
  return conditions
    .filter(({ in: place, name }) => place === 'query' && !declared.some((one) => isCalled(one, 'query', name)))
    .map(({ name }) => ({
      name,
      in: 'query',
      required: true,
      style: 'form',
      explode: true,
      allowReserved: false,
      allowEmptyValue: true,
      deprecated: false,
      schema: undefined,
      content: undefined,
      node: operation,
    }))
}

function readParameter(node: SpecNode): ParameterContract | undefined {
  const name = node.get('name')?.string
  const place = node.get('in')?.string as ParameterContract['in'] | undefined
  if (name === undefined || place === undefined || !Object.hasOwn(defaultStyle, place)) return undefined
  if (place === 'header' && ignoredHeaders.has(name.toLowerCase())) return undefined
  const written = node.get('style')?.string
  // Widely written for parameters of one value, where it changes nothing.
  const isSimpleQuery = place === 'query' && written === 'simple'
  const style = (isSimpleQuery ? 'form' : (written ?? defaultStyle[place])) as ParameterContract['style']
  return {
    name,
    in: place,
    required: place === 'path' || (node.get('required')?.boolean ?? false),
    style,
    explode: node.get('explode')?.boolean ?? (!isSimpleQuery && (style === 'form' || style === 'cookie')),
    allowReserved: node.get('allowReserved')?.boolean ?? false,
    allowEmptyValue: node.get('allowEmptyValue')?.boolean ?? false,
    deprecated: node.get('deprecated')?.boolean ?? false,
    schema: schemaOf(node),
    content: readContent(node.get('content'))[0],
    node,
  }
}
