import type { LeaseStore } from '../../../runtime/limits/lease-store.ts'
import type { redisLeases } from '../../../runtime/limits/redis-leases.ts'
import type { ConcurrencyOptions, concurrency } from '../../../runtime/policies/concurrency/concurrency.ts'
import type { Lowered, Reference } from '../../model/service-plan.ts'
import { definePolicy, type Scope } from '../define.ts'
import { limitAnswers } from '../limit-answers.ts'
import { byOption, lowerBy } from '../limit-by.ts'
import { type CountingOptions, limitId, storeErrorOption, storeOption } from '../limits.ts'
import { retryAfter } from '../publication.ts'
import { redisStoreOf } from '../store.ts'
import { milliseconds } from '../units.ts'

interface Options extends CountingOptions {
  readonly max: number
  readonly queue?: number
  readonly queueTimeout?: string
  readonly by?: string
}

export default definePolicy<typeof concurrency, Options>({
  name: 'concurrency',
  summary: 'Lets so many requests be under way at once; others may wait for a place.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      max: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'Requests under way at once.' },
      queue: {
        type: 'integer',
        minimum: 0,
        maximum: 10_000,
        default: 0,
        description: 'Requests that may wait for a place; what comes beyond is refused at once.',
      },
      queueTimeout: { type: 'string', format: 'duration', default: '5s', description: 'How long they wait at most.' },
      by: byOption('service'),
      store: storeOption,
      onStoreError: storeErrorOption('open'),
    },
    required: ['max'],
    additionalProperties: false,
  },
  instance: 'shared',
  answers: {
    ...limitAnswers,
    503: { description: 'Too much is under way, or what is needed cannot be reached.', headers: retryAfter },
  },
  lower(options, scope) {
    const { max, queue = 0, queueTimeout, by = 'service' } = options
    const wrong = (key: string, problem: string): void =>
      scope.report('option-invalid', scope.node.at(key) ?? scope.node, { key: `concurrency.${key}`, problem })
    if (queueTimeout !== undefined && queue === 0) wrong('queueTimeout', 'needs a "queue" beside it')
    if (queueTimeout !== undefined && milliseconds(queueTimeout) === 0) wrong('queueTimeout', 'leaves no time to wait')
    const shared = sharedOf(options, scope)
    const patience = milliseconds(queueTimeout ?? '5s')
    const counted = shared === undefined ? { id: limitId(scope) } : { shared }
    return [{ max, by: lowerBy(by), queue, queueTimeout: patience, ...counted }]
  },
})

function sharedOf(
  { store: name, onStoreError }: Options,
  scope: Scope,
): Lowered<Required<ConcurrencyOptions>['shared']> | undefined {
  const store = redisStoreOf(name, scope)
  if (store === undefined) {
    if (onStoreError !== undefined) {
      const key = 'concurrency.onStoreError'
      scope.report('option-invalid', scope.node.at('onStoreError') ?? scope.node, {
        key,
        problem: 'needs a "store" that can be lost',
      })
    }
    return undefined
  }
  const leases = scope.instance<typeof redisLeases>(`${name} leases`, {
    module: 'limits/redis-leases',
    export: 'redisLeases',
    args: [store],
    about: `Places in the store "${name}".`,
  })
  return { leases: leases as Reference<LeaseStore>, id: limitId(scope), onStoreError: onStoreError ?? 'open' }
}
