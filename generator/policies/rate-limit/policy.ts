import type { SharedRate } from '../../../runtime/limits/count-store.ts'
import type { RateLimitOptions, rateLimit } from '../../../runtime/policies/rate-limit/rate-limit.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { definePolicy, type Scope } from '../define.ts'
import { limitAnswers, publishLimit } from '../limit-answers.ts'
import { byOption, lowerBy } from '../limit-by.ts'
import {
  type CountingOptions,
  checkLimitName,
  headersOption,
  limitId,
  lowerPlans,
  sharedOf,
  storeErrorOption,
  storeOption,
  units,
} from '../limits.ts'
import { milliseconds } from '../units.ts'

interface Options extends PlanOptions, CountingOptions {
  readonly by?: string
  readonly algorithm?: RateLimitOptions['algorithm']
  readonly headers?: RateLimitOptions['headers']
}

/** What a plan may override. */
interface PlanOptions {
  readonly quota: number
  readonly window: string
  readonly cost?: number
  readonly burst?: number
}

/** Of one limit, for what plans may override as well. */
const rateOptions = {
  quota: { ...units, description: 'Units in a window.' },
  window: { type: 'string', format: 'duration', description: 'How long the quota is for.' },
  cost: { ...units, default: 1, description: 'Units that a request takes.' },
  burst: { ...units, description: 'Token bucket: the most that can be had at once. Default: the quota.' },
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
      by: byOption('consumer'),
      algorithm: {
        enum: ['sliding-window', 'token-bucket', 'fixed-window'],
        default: 'sliding-window',
        description: 'How requests are counted.',
      },
      store: storeOption,
      onStoreError: storeErrorOption('open'),
      headers: headersOption,
    },
    required: ['quota', 'window'],
    additionalProperties: false,
  },
  instance: 'shared',
  answers: limitAnswers,
  publish: ({ headers }) => publishLimit(headers),
  lower(options, scope) {
    const { algorithm = 'sliding-window', by = 'consumer', headers = 'draft' } = options
    checkLimitName(scope)
    checkRate(options, algorithm, scope.node, scope)
    const shared = sharedOf(options, 'open', scope)
    const plans = lowerPlans<PlanOptions, SharedRate>('rateLimit', options, scope, (merged, node) => {
      checkRate(merged, algorithm, node, scope)
      return lowerRate(merged)
    })
    return [
      {
        name: scope.key,
        ...lowerRate(options),
        by: lowerBy(by),
        algorithm,
        headers,
        ...(plans === undefined ? {} : { plans }),
        ...(shared === undefined ? { id: limitId(scope) } : { shared }),
      },
    ]
  },
})

function lowerRate({ quota, window, cost = 1, burst }: PlanOptions): SharedRate {
  return { quota, windowMs: milliseconds(window), ...(burst === undefined ? {} : { burst }), cost }
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
