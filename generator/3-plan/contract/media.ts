import type { EncodingContract, HeaderContract, MediaContract } from '../../model/contract.ts'
import { isObject } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'

/** The `content` map of a body, response, parameter or header (OpenAPI §4.14 Media Type Object). */
export function readContent(content: SpecNode | undefined): MediaContract[] {
  return (content?.entries() ?? []).map(([type, entry]) => readMedia(type, entry.resolve()))
}

function readMedia(type: string, node: SpecNode): MediaContract {
  const [essence = '', ...rest] = type.split(';')
  const parameters: [string, string][] = rest.map((part) => {
    const [name = '', value = ''] = part.split('=')
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')]
  })
  const encoding = (node.get('encoding')?.entries() ?? []).map(([name, entry]): [string, EncodingContract] => [
    name,
    readEncoding(entry.resolve()),
  ])
  return {
    mediaType: essence.trim().toLowerCase(),
    parameters: Object.fromEntries(parameters.filter(([name]) => name !== '')),
    schema: schemaOf(node),
    itemSchema: node.at('itemSchema'),
    encoding: Object.fromEntries(encoding),
    node,
  }
}

function readEncoding(node: SpecNode): EncodingContract {
  const style = (node.get('style')?.string ?? 'form') as EncodingContract['style']
  const contentType = node.get('contentType')?.string
  return {
    contentType: contentType?.split(',').map((type) => type.trim().toLowerCase()),
    style,
    explode: node.get('explode')?.boolean ?? style === 'form',
    allowReserved: node.get('allowReserved')?.boolean ?? false,
    headers: readHeaders(node.get('headers')),
  }
}

/** Response or part headers. A field called Content-Type is described elsewhere and ignored here (OpenAPI §4.16.1). */
export function readHeaders(headers: SpecNode | undefined): HeaderContract[] {
  return (headers?.entries() ?? [])
    .filter(([name]) => name.toLowerCase() !== 'content-type')
    .map(([name, entry]) => {
      const node = entry.resolve()
      return {
        name,
        required: node.get('required')?.boolean ?? false,
        explode: node.get('explode')?.boolean ?? false,
        schema: schemaOf(node),
        content: readContent(node.get('content'))[0],
        node,
      }
    })
}

/** A schema that is there at all: `true` and `{}` allow everything, and so are no schema worth checking. */
export function schemaOf(node: SpecNode): SpecNode | undefined {
  const schema = node.at('schema')
  if (schema === undefined || schema.value === true) return undefined
  return isObject(schema.value) && Object.keys(schema.value).length === 0 ? undefined : schema
}
