import { expect, test } from 'vitest'
import { Reference } from '../../model/service-plan.ts'
import type { OperationScope } from '../define.ts'
import policy from './policy.ts'

const lower = policy.lower as (options: object, scope: OperationScope) => unknown

test('is emitted only for an operation that has the hook', () => {
  const hook = new Reference('hook', 'getOrder.onRequest')
  const scope = (onRequest?: Reference): OperationScope => ({ hooks: { onRequest } }) as unknown as OperationScope
  expect(lower({}, scope(hook))).toEqual([hook])
  expect(lower({}, scope())).toBeUndefined()
})
