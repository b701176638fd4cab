import { expect, test } from 'vitest'
import { CallPlan, type OperationPlan, Reference, type ServicePlan } from '../model/service-plan.ts'
import { deferredRoutesFile } from './deferred-routes.ts'

const operation = (id: string, args: CallPlan['args']): OperationPlan => ({
  id,
  exportName: id,
  fileName: id,
  method: 'GET',
  path: `/${id}`,
  request: `/${id}`,
  conditions: [],
  summary: undefined,
  pointer: '#',
  upstream: new Reference('upstream', 'main'),
  upstreamPath: undefined,
  upstreamMethod: undefined,
  bodyLimit: undefined,
  policies: [{ policy: 'x', value: new CallPlan('policies/x', 'x', args) }],
  access: 'anybody',
  openTo: 'anybody',
})

const plan = (operations: OperationPlan[]): ServicePlan =>
  ({ operations, instances: [{}], hooks: undefined }) as unknown as ServicePlan

test('an operation and its validators are evaluated when it is first asked for', () => {
  const text = deferredRoutesFile(plan([operation('one', [{ schema: new Reference('validator', 'check') }])]))
  expect(text).toContain(
    "GET: deferredOperation({ id: 'one', method: 'GET', path: '/one' }, () => operation({".replace('GET: ', ''),
  )
  expect(text).toContain('schema: validators_().check')
  expect(text).not.toMatch(/^import .*validators/m)
})

test('what can keep a service from starting is evaluated at the start', () => {
  const text = deferredRoutesFile(plan([operation('two', [{ deep: [new Reference('setting', 'KEY')] }])]))
  expect(text).toContain("import './policies.ts'")
  expect(text).not.toContain('deferredOperation')
  expect(text).toContain('settings.values.KEY')
})
