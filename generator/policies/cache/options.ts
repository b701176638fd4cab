import { member } from '../../model/json.ts'
import type { OperationScope } from '../define.ts'

/** `x-proxy.cache`, merged. */
export interface Options {
  readonly mode?: 'rfc9111' | 'ttl'
  readonly ttl?: string
  readonly staleWhileRevalidate?: string
  readonly staleIfError?: string
  readonly key?: {
    readonly query?: 'declared' | 'all'
    readonly headers?: readonly string[]
    readonly consumer?: 'auto' | 'always' | 'never'
  }
  readonly coalesce?: boolean
  readonly maxBody?: string
  readonly maxBytes?: string
  readonly store?: string
  readonly tags?: readonly string[]
  /** Lowered by `cacheInvalidation`. */
  readonly invalidate?: readonly string[]
  readonly status?: boolean
}

/** Reports options that contradict each other, or the place they are written in. */
export function checkOptions(options: Options, scope: OperationScope): void {
  const wrong = (key: string, problem: string): void => {
    scope.report('option-invalid', scope.node.at(key) ?? scope.node, { key: `cache.${key}`, problem })
  }
  if (options.mode === 'ttl' && options.ttl === undefined) wrong('mode', 'needs "cache.ttl" beside it')
  if (options.mode === 'rfc9111' && options.ttl !== undefined) {
    wrong('ttl', 'says nothing in "mode: rfc9111", where the upstream alone decides')
  }
  const service = scope.node.tree.root.path('x-proxy', 'cache')
  if (options.store !== undefined && member(service?.value, 'store') !== options.store) {
    wrong('store', 'is one for the service: it is written in the document’s own x-proxy')
  }
  if (scope.contract.node.path('x-proxy', 'cache', 'invalidate') !== undefined) {
    wrong('invalidate', `says nothing on ${scope.contract.method}, which changes nothing`)
  }
  if (options.maxBytes !== undefined && member(service?.value, 'maxBytes') !== options.maxBytes) {
    wrong('maxBytes', 'is the budget of the whole service: it is written in the document’s own x-proxy')
  }
}
