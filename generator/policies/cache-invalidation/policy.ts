import type { cacheInvalidation } from '../../../runtime/policies/cache-invalidation/cache-invalidation.ts'
import { member } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { oncePerTree } from '../once-per-tree.ts'
import { responsesOf } from '../responses.ts'
import { lowerEdges } from './edges.ts'

/** RFC 9110 §9.2.1: what changes nothing makes nothing stale. */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

/** Follows from `cache`: where answers of a path may be stored, its unsafe operations make them invalid. */
export default definePolicy<typeof cacheInvalidation, Record<string, never>>({
  name: 'cacheInvalidation',
  summary: 'Forgets stored answers of a path once an unsafe request to it has succeeded.',
  levels: [],
  options: null,
  instance: 'operation',
  lower(_, scope) {
    if (safe.has(scope.contract.method)) return undefined
    const edges = lowerEdges(scope)
    if (edges === undefined && !isCachedPath(scope)) return undefined
    return [{ store: responsesOf(scope), ...edges }]
  },
})

/**
 * Whether answers to a GET of the same path may be stored, by what is written on it, its path item or the document. A path
 * that turns out to have nothing stored costs a map lookup.
 */
function isCachedPath(scope: OperationScope): boolean {
  const item = pathItemOf(scope)
  return [scope.contract.node.tree.root, item, item?.get('get'), item?.get('head')].some(mayCache)
}

function mayCache(owner: SpecNode | undefined): boolean {
  const written = owner?.at('x-proxy')
  const cache = written?.at('cache')?.value
  const isOff = cache === undefined || cache === false || member(cache, 'enabled') === false
  return !isOff || written?.at('use') !== undefined
}

function pathItemOf({ contract: { node } }: OperationScope): SpecNode | undefined {
  return pathItems(node.tree).get(node.value)
}

/** The path item of each operation. */
const pathItems = oncePerTree((root) => {
  const owners = new Map<unknown, SpecNode>()
  for (const [, written] of root.get('paths')?.entries() ?? []) {
    const item = written.resolve()
    const members = [...item.entries(), ...(item.at('additionalOperations')?.entries() ?? [])]
    for (const [, { value }] of members) if (!owners.has(value)) owners.set(value, item)
  }
  return owners
})
