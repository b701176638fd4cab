import { expect, it } from 'vitest'
import { planOf } from '../../test/support/plan-of.ts'
import { CallPlan } from '../model/service-plan.ts'

function healthCheckOf(active: object): unknown {
  const targets = { a: { url: 'https://a.example' } }
  const { plan } = planOf(
    {
      'x-proxy': { upstreams: { default: { targets, healthCheck: { active } } } },
      paths: { '/x': { get: { responses: { 200: { description: 'ok' } } } } },
    },
    [],
  )
  const options = plan.upstreams[0]!.call.args[0] as { readonly healthCheck: CallPlan }
  expect(options.healthCheck).toBeInstanceOf(CallPlan)
  return options.healthCheck.args[0]
}

it('settles what is not said', () => {
  expect(healthCheckOf({ path: '/healthz' })).toEqual({
    path: '/healthz',
    interval: 10_000,
    timeout: 2_000,
    healthy: 2,
    unhealthy: 3,
    expect: [[200, 399]],
  })
})

it('reads statuses as numbers, ranges and lists', () => {
  expect(healthCheckOf({ path: '/', expect: 204 })).toMatchObject({ expect: [[204, 204]] })
  expect(healthCheckOf({ path: '/', expect: '200-299, 404' })).toMatchObject({
    expect: [
      [200, 299],
      [404, 404],
    ],
  })
})
