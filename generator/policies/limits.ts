import { hash } from 'node:crypto'
import type { CountStore } from '../../runtime/limits/count-store.ts'
import type { SharedOptions } from '../../runtime/limits/limit.ts'
import type { redisCounts } from '../../runtime/limits/redis-counts.ts'
import { isObject } from '../model/json.ts'
import type { Lowered, Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import type { Scope } from './define.ts'
import { redisStoreOf } from './store.ts'

/** What limits of all kinds are told of where they count. */
export interface CountingOptions {
  readonly store?: string
  readonly onStoreError?: 'open' | 'closed'
}

/** A number of units. */
export const units = { type: 'integer', minimum: 1, maximum: 1_000_000_000 } as const

export const headersOption = {
  enum: ['draft', 'legacy', 'both', 'none'],
  default: 'draft',
  description: '`RateLimit` fields of the IETF draft, `X-RateLimit-*`, both or none.',
} as const

export const storeOption = {
  type: 'string',
  minLength: 1,
  default: 'memory',
  description: 'Where it is counted: `memory`, or a store of `components.x-proxy.stores` that all instances share.',
} as const

export function storeErrorOption(fallback: 'open' | 'closed') {
  return {
    enum: ['open', 'closed'],
    default: fallback,
    description:
      'While the store is lost: `open`, each process keeps the limit for itself; `closed`, requests are refused (503).',
  } as const
}

/** Counting in a store of the document; undefined where each process counts for itself. */
export function sharedOf(
  { store: name, onStoreError }: CountingOptions,
  fallback: 'open' | 'closed',
  scope: Scope,
): Lowered<SharedOptions> | undefined {
  const store = redisStoreOf(name, scope)
  if (store === undefined) {
    if (onStoreError === undefined) return undefined
    const reason = '"onStoreError" needs a store that can be lost'
    scope.report('limit-invalid', scope.node.at('onStoreError') ?? scope.node, { limit: scope.key, reason })
    return undefined
  }
  const counts = scope.instance<typeof redisCounts>(`${name} counts`, {
    module: 'limits/redis-counts',
    export: 'redisCounts',
    args: [store],
    about: `What is counted in the store "${name}".`,
  })
  return { counts: counts as Reference<CountStore>, id: limitId(scope), onStoreError: onStoreError ?? fallback }
}

/** Limits of one name on two operations are two limits: what tells them apart is where they are written. */
export function limitId({ node, key }: Scope): string {
  return hash('sha256', `${node.place.pointer} ${key}`).slice(0, 12)
}

/**
 * `x-proxy.consumers.<plan>.<policy>.<name>`: what consumers of a plan get instead.
 * @param lower settles the options of one plan, merged with those of the limit, and reports what is wrong
 */
export function lowerPlans<Options extends object, Rate>(
  policy: 'rateLimit' | 'quota',
  options: Options,
  scope: Scope,
  lower: (merged: Options, node: SpecNode) => Rate,
): { [plan: string]: Rate } | undefined {
  const written = scope.node.tree.root.path('x-proxy', 'consumers')?.entries() ?? []
  const plans = written.flatMap(([plan, node]): [string, Rate][] => {
    // A plan may be a reference; what stands beside it overrides.
    const [shared, own] = [node.resolve(), node].map((one) => one.path(policy, scope.key))
    const override = own ?? shared
    if (override === undefined) return []
    return [[plan, lower({ ...options, ...asObject(shared), ...asObject(own) } as Options, override)]]
  })
  return plans.length === 0 ? undefined : Object.fromEntries(plans)
}

function asObject(node: SpecNode | undefined): object {
  return isObject(node?.value) ? node.value : {}
}

/** The name becomes a String of a structured field (RFC 9651 §3.3.3), and people read it. */
export function checkLimitName(scope: Scope): void {
  if (/^[\x20-\x7e]{1,64}$/.test(scope.key)) return
  scope.report('limit-invalid', scope.node, {
    limit: scope.key,
    reason: 'its name stands in a header: at most 64 characters of ASCII',
  })
}
