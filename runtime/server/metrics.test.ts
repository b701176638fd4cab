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

it('counts what was found in answers by status and place, bounded, and without what could be a value', async () => {
  const metrics = new Metrics(() => 0)
  const found = (...places: [string, number][]) =>
    metrics.observe(
      turn('getX', 'GET', 200, 1, {
        events: [{ policy: 'sanitize', event: 'stripped', detail: { status: 200 }, places: () => places }],
      }),
    )
  found(['/orders/*/cost', 3], ['/orders/7/cost', 1], ['/by/ann@example.com/~1x~0', 1], ['', 1])
  for (let i = 0; i < 200; i++) found([`/n${'a'.repeat(i % 60)}b${i % 10}/${'c'.repeat(Math.floor(i / 60))}`, 1])
  const { body } = await metrics.text()
  const lines = body.split('\n').filter((line) => line.startsWith('specgate_findings_total{'))
  const labels = 'operation="getX",policy="sanitize",event="stripped",status="200"'
  expect(lines).toContain(`specgate_findings_total{${labels},pointer="/orders/*/cost"} 4`)
  expect(lines).toContain(`specgate_findings_total{${labels},pointer=""} 1`)
  expect(body).not.toContain('ann@')
  expect(lines).toHaveLength(101)
  const counted = lines.map((line) => Number(line.split(' ').at(-1)))
  expect(counted.reduce((sum, one) => sum + one)).toBe(206)
  expect(lines.some((line) => line.includes('pointer="others"'))).toBe(true)
})
