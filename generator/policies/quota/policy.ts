import type { QuotaOptions, QuotaRate, quota } from '../../../runtime/policies/quota/quota.ts'
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

interface Options extends PlanOptions, CountingOptions {
  readonly by?: string
  readonly headers?: QuotaOptions['headers']
}

/** What a plan may override. */
interface PlanOptions {
  readonly quota: number
  readonly window: QuotaRate['window']
  readonly cost?: number
}

export default definePolicy<typeof quota, Options>({
  name: 'quota',
  summary: 'Admits so many requests in each day, week or month of the calendar, and tells callers what is left.',
  levels: ['document', 'path', 'operation'],
  each: true,
  options: {
    type: 'object',
    properties: {
      quota: { ...units, description: 'Units in a window.' },
      window: {
        enum: ['day', 'week', 'month'],
        description: 'A span of the calendar, in UTC: days from midnight, weeks from Monday, months from the first.',
      },
      cost: { ...units, default: 1, description: 'Units that a request takes.' },
      by: byOption('consumer'),
      store: storeOption,
      onStoreError: storeErrorOption('closed'),
      headers: headersOption,
    },
    required: ['quota', 'window'],
    additionalProperties: false,
  },
  instance: 'shared',
  answers: limitAnswers,
  publish: ({ headers }) => publishLimit(headers),
  lower(options, scope) {
    const { by = 'consumer', headers = 'draft' } = options
    checkLimitName(scope)
    checkTwice(scope)
    checkCost(options, scope.node, scope)
    const shared = sharedOf(options, 'closed', scope)
    const plans = lowerPlans<PlanOptions, QuotaRate>('quota', options, scope, (merged, node) => {
      checkCost(merged, node, scope)
      return lowerRate(merged)
    })
    return [
      {
        name: scope.key,
        ...lowerRate(options),
        by: lowerBy(by),
        headers,
        ...(plans === undefined ? {} : { plans }),
        ...(shared === undefined ? { id: limitId(scope) } : { shared }),
      },
    ]
  },
})

function lowerRate({ quota, window, cost = 1 }: PlanOptions): QuotaRate {
  return { quota, window, cost }
}

function checkCost({ quota, cost = 1 }: PlanOptions, node: SpecNode, scope: Scope): void {
  if (cost <= quota) return
  scope.report('limit-invalid', node.at('cost') ?? node.at('quota') ?? node, {
    limit: scope.key,
    reason: `a request costs ${cost}, more than the quota: nothing would be admitted`,
  })
}

/** Callers could not tell a rate limit and a quota of one name apart. */
function checkTwice(scope: Scope): void {
  const rate = scope.node.tree.root.path('x-proxy', 'rateLimit', scope.key)
  if (rate === undefined || rate.value === false) return
  scope.report('limit-invalid', scope.node, {
    limit: scope.key,
    reason: 'a "rateLimit" has the same name, and callers are told of both by their names',
  })
}
