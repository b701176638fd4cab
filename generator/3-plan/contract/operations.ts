import { METHODS } from 'node:http'
import type { OperationContract } from '../../model/contract.ts'
import { conditionsOf, readPathKey } from '../../model/path-key.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { words } from '../names.ts'
import { readContent, readHeaders } from './media.ts'
import { impliedParameters, isCalled, readParameters } from './parameters.ts'
import { readSecurity } from './security.ts'

/** Fields of a path item that are operations (OpenAPI 3.2 adds `query`). */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const

/** TRACE would show a client what the proxy added on the way; CONNECT makes a tunnel; what Node cannot parse never comes. */
const served = new Set(METHODS.filter((method) => method !== 'TRACE' && method !== 'CONNECT'))

/** An operation with the path item it stands in. */
export interface FoundOperation {
  readonly contract: OperationContract
  readonly pathItem: SpecNode
}

/**
 * Every operation of the document that can be served, in document order.
 * @param leftOut those that are not, as `GET /orders`
 */
export function readOperations(
  root: SpecNode,
  basePath: string,
  leftOut: ReadonlySet<string> = new Set(),
): FoundOperation[] {
  const found: FoundOperation[] = []
  const ids = new Set<string>()
  for (const [path, entry] of root.get('paths')?.entries() ?? []) {
    if (!path.startsWith('/')) continue
    const pathItem = entry.resolve()
    for (const [method, node] of operationsOf(pathItem)) {
      if (leftOut.has(`${method} ${path}`)) continue
      // 2-check has said so.
      if (!served.has(method)) continue
      const contract = readOperation(root, pathItem, node, method, path, basePath, ids)
      found.push({ contract, pathItem })
    }
  }
  return found
}

function operationsOf(pathItem: SpecNode): [string, SpecNode][] {
  const known = methods.flatMap((method): [string, SpecNode][] => {
    const node = pathItem.get(method)
    return node === undefined ? [] : [[method.toUpperCase(), node]]
  })
  const additional = pathItem.get('additionalOperations')?.entries() ?? []
  return [...known, ...additional.map(([method, node]): [string, SpecNode] => [method, node.resolve()])]
}

function readOperation(
  root: SpecNode,
  pathItem: SpecNode,
  node: SpecNode,
  method: string,
  key: string,
  basePath: string,
  ids: Set<string>,
): OperationContract {
  const pathKey = readPathKey(key)
  const written = readParameters(pathItem, node)
  const conditions = conditionsOf(pathKey, (place, name) => {
    const parameter = written.find((one) => isCalled(one, place, name))
    return parameter && (parameter.required ? 'required' : 'optional')
  })
  const body = node.get('requestBody')
  const content = readContent(body?.get('content'))
  return {
    id: uniqueId(node.get('operationId')?.string, method, key, ids),
    method,
    path: basePath + pathKey.path,
    key,
    conditions,
    summary: node.get('summary')?.string,
    deprecated: node.get('deprecated')?.boolean ?? false,
    parameters: [...written, ...impliedParameters(conditions, written, node)],
    requestBody:
      body === undefined ? undefined : { required: body.get('required')?.boolean ?? false, content, node: body },
    responses: (node.get('responses')?.entries() ?? [])
      .filter(([status]) => !status.startsWith('x-'))
      .map(([status, entry]) => {
        const response = entry.resolve()
        return {
          status: status.toUpperCase() === 'DEFAULT' ? 'default' : status.toUpperCase(),
          content: readContent(response.get('content')),
          headers: readHeaders(response.get('headers')),
          node: response,
        }
      }),
    security: readSecurity(root, node),
    node,
  }
}

/** The operationId, or `getOrdersByOrderId` made of method and path; made unique where the document repeats itself. */
function uniqueId(written: string | undefined, method: string, path: string, ids: Set<string>): string {
  const wanted = written?.trim() || idFromPath(method, path)
  let id = wanted
  for (let n = 2; ids.has(id); n++) id = `${wanted}_${n}`
  ids.add(id)
  return id
}

function idFromPath(method: string, path: string): string {
  const parts = path.split('/').map((segment) => (segment.includes('{') ? ['by', ...words(segment)] : words(segment)))
  const [first = 'root', ...rest] = [method.toLowerCase(), ...parts.flat()]
  return first + rest.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}
