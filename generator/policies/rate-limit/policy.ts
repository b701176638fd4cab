import { hash } from 'node:crypto'
import type { PlanRate, RateLimitOptions, rateLimit } from '../../../runtime/policies/rate-limit/rate-limit.ts'
import { isObject } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { definePolicy, type Scope } from '../define.ts'
import { redisStoreOf } from '../store.ts'
import { milliseconds } from '../units.ts'

interface Options extends PlanOptions {
  readonly by?: string
  readonly algorithm?: RateLimitOptions['algorithm']
  readonly store?: string
  readonly onStoreError?: 'open' | 'closed'
  readonly headers?: RateLimitOptions['headers']
}

/** What a plan may override. */
interface PlanOptions {
  readonly quota: number
  readonly window: string
  readonly cost?: number
  readonly burst?: number
}

const count = { type: 'integer', minimum: 1, maximum: 1_000_000_000 } as const

/** Of one limit, for what plans may override as well. */
export const rateOptions = {
  quota: { ...count, description: 'Units in a window.' },
  window: { type: 'string', format: 'duration', description: 'How long the quota is for.' },
  cost: { ...count, default: 1, description: 'Units that a request takes.' },
  burst: { ...count, description: 'Token bucket: the most that can be had at once. Default: the quota.' },
} as const

export default definePolicy<typeof rateLimit, Options>({
  name: 'rateLimit',
  summary: 'Admits so many requests in so long, and tells callers what is left.',
  levels: ['document', 'path', 'operation'],
  each: true,
  options: {
    type: 'object',
    properties: {
      ...rateOptions,
      by: {
        type: 'string',
        pattern: "^(consumer|address|service|header\\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|claim\\.\\S+)$",
        default: 'consumer',
        description:
          'Whose requests count together: `consumer` (the address of who is not known), `address`, `service`, `header.<Name>` or `claim.<name>`.',
      },
      algorithm: {
        enum: ['sliding-window', 'token-bucket', 'fixed-window'],
        default: 'sliding-window',
        description: 'How requests are counted.',
      },
      store: {
        type: 'string',
        minLength: 1,
        default: 'memory',
        description:
          'Where the counts are kept: `memory`, or a store of `components.x-proxy.stores` that all instances share.',
      },
      onStoreError: {
        enum: ['open', 'closed'],
        default: 'open',
        description:
          'While the store is lost: `open`, each process keeps the limit for itself; `closed`, requests are refused (503).',
      },
      headers: {
        enum: ['draft', 'legacy', 'both', 'none'],
        default: 'draft',
        description: '`RateLimit` fields of the IETF draft, `X-RateLimit-*`, both or none.',
      },
    },
    required: ['quota', 'window'],
    additionalProperties: false,
  },
  instance: 'shared',
  answers: { 429: 'A limit is used up; `Retry-After` says when to try again.' },
  lower(options, scope) {
    const { algorithm = 'sliding-window', by = 'consumer', headers = 'draft' } = options
    checkName(scope)
    checkRate(options, algorithm, scope.node, scope)
    const store = redisStoreOf(options.store, scope)
    if (store === undefined && options.onStoreError !== undefined) {
      const reason = '"onStoreError" needs a store that can be lost'
      scope.report('limit-invalid', scope.node.at('onStoreError') ?? scope.node, { limit: scope.key, reason })
    }
    const plans = lowerPlans(options, algorithm, scope)
    return [
      {
        name: scope.key,
        ...lowerRate(options),
        by: lowerBy(by),
        algorithm,
        headers,
        ...(plans === undefined ? {} : { plans }),
        ...(store === undefined
          ? {}
          : { shared: { store, id: idOf(scope), onStoreError: options.onStoreError ?? 'open' } }),
      },
    ]
  },
})

/** Limits of one name on two operations are two limits: what tells them apart is where they are written. */
function idOf({ node, key }: Scope): string {
  return hash('sha256', `${node.place.pointer} ${key}`).slice(0, 12)
}

function lowerRate({ quota, window, cost = 1, burst }: PlanOptions): PlanRate {
  return { quota, windowMs: milliseconds(window), ...(burst === undefined ? {} : { burst }), cost }
}

function lowerBy(by: string): RateLimitOptions['by'] {
  if (by.startsWith('header.')) return { header: by.slice('header.'.length) }
  if (by.startsWith('claim.')) return { claim: by.slice('claim.'.length) }
  return by as 'address' | 'consumer' | 'service'
}

/** `x-proxy.consumers.<plan>.rateLimit.<name>`: what consumers of a plan get instead. */
function lowerPlans(
  options: Options,
  algorithm: RateLimitOptions['algorithm'],
  scope: Scope,
): { [plan: string]: PlanRate } | undefined {
  const written = scope.node.tree.root.path('x-proxy', 'consumers')?.entries() ?? []
  const plans = written.flatMap(([plan, node]): [string, PlanRate][] => {
    // A plan may be a reference; what stands beside it overrides.
    const [shared, own] = [node.resolve(), node].map((one) => one.path('rateLimit', scope.key))
    const override = own ?? shared
    if (override === undefined) return []
    const merged = { ...options, ...asObject(shared), ...asObject(own) }
    checkRate(merged, algorithm, override, scope)
    return [[plan, lowerRate(merged)]]
  })
  return plans.length === 0 ? undefined : Object.fromEntries(plans)
}

function asObject(node: SpecNode | undefined): Partial<PlanOptions> {
  return isObject(node?.value) ? node.value : {}
}

/** The name becomes a String of a structured field (RFC 9651 §3.3.3), and people read it. */
function checkName(scope: Scope): void {
  if (/^[\x20-\x7e]{1,64}$/.test(scope.key)) return
  scope.report('limit-invalid', scope.node, {
    limit: scope.key,
    reason: 'its name stands in a header: at most 64 characters of ASCII',
  })
}

function checkRate(rate: PlanOptions, algorithm: RateLimitOptions['algorithm'], node: SpecNode, scope: Scope): void {
  const { quota, window, burst, cost = 1 } = rate
  const wrong = (key: string, reason: string): void =>
    scope.report('limit-invalid', node.at(key) ?? node, { limit: scope.key, reason })
  if (milliseconds(window) === 0) wrong('window', 'its window is empty')
  if (burst !== undefined && algorithm !== 'token-bucket') wrong('burst', '"burst" needs "algorithm: token-bucket"')
  if (cost > (burst ?? quota))
    wrong('cost', `a request costs ${cost}, more than can ever be had at once: nothing would be admitted`)
}
