import { expect, it } from 'vitest'
import type { Exchange } from '../core/exchange.ts'
import { Metrics } from './metrics.ts'
import type { Turn } from './turn.ts'

const turn = (id: string | undefined, method: string, status: number, duration: number, more: object = {}) =>
  ({
    request: { method },
    status,
    duration,
    exchange: id === undefined ? undefined : ({ operation: { id }, ...more } as unknown as Exchange),
  }) as unknown as Turn

it('counts answers, times and events, with bounded labels', async () => {
  const metrics = new Metrics(() => 3)
  metrics.observe(turn('getX', 'GET', 200, 4, { upstreamMs: 3, events: [{ policy: 'cache', event: 'miss' }] }))
  metrics.observe(turn('getX', 'GET', 200, 400))
  metrics.observe(turn('getX', 'GET', 0, 1))
  metrics.observe(turn(undefined, 'MADE-UP', 405, 60_000))
  metrics.refused(431)
  const { contentType, body } = await metrics.text()
  expect(contentType).toContain('text/plain')
  const lines = body.split('\n')
  for (const line of [
    'http_requests_total{operation="getX",method="GET",status="200"} 2',
    'http_requests_total{operation="getX",method="GET",status="499"} 1',
    'http_requests_total{operation="none",method="OTHER",status="405"} 1',
    'http_requests_total{operation="none",method="OTHER",status="431"} 1',
    'http_request_duration_seconds_bucket{operation="getX",le="0.001"} 1',
    'http_request_duration_seconds_bucket{operation="getX",le="0.005"} 2',
    'http_request_duration_seconds_bucket{operation="getX",le="+Inf"} 3',
    'http_request_duration_seconds_count{operation="getX"} 3',
    'http_request_duration_seconds_bucket{operation="none",le="30"} 0',
    'http_request_duration_seconds_bucket{operation="none",le="+Inf"} 1',
    'http_upstream_duration_seconds_count{operation="getX"} 1',
    'http_requests_in_flight 3',
    'specgate_policy_events_total{operation="getX",policy="cache",event="miss"} 1',
  ]) {
    expect(lines).toContain(line)
  }
  expect(body).toContain('process_resident_memory_bytes')
})
