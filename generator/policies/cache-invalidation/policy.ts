import type { cacheInvalidation, Invalidated } from '../../../runtime/policies/cache-invalidation/cache-invalidation.ts'
import { member } from '../../model/json.ts'
import type { Reference } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { bytes } from '../units.ts'

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
    if (safe.has(scope.contract.method) || !isCachedPath(scope)) return undefined
    const written = member(scope.node.tree.root.path('x-proxy', 'cache')?.value, 'maxBytes')
    const store = scope.instance('responses', {
      module: 'policies/cache',
      export: 'cacheStore',
      args: [{ maxBytes: bytes(typeof written === 'string' ? written : '64MiB') }],
      about: 'Stored responses, one store for the service.',
    }) as Reference<Invalidated>
    return [{ store }]
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

function pathItemOf(scope: OperationScope): SpecNode | undefined {
  const { node } = scope.contract
  const items = node.tree.root.get('paths')?.entries() ?? []
  return items.map(([, item]) => item.resolve()).find((item) => holds(item, node.value))
}

function holds(item: SpecNode, operation: unknown): boolean {
  const members = [...item.entries(), ...(item.at('additionalOperations')?.entries() ?? [])]
  return members.some(([, member]) => member.value === operation)
}
