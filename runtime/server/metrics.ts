import type { Metric, MetricObject, Registry } from 'prom-client'
import type { PolicyEvent } from '../core/exchange.ts'
import type { Measure, Resource } from '../core/resource.ts'
import { Findings } from './findings.ts'
import type { Turn } from './turn.ts'

/** Upper bounds of the duration buckets, in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Methods become a label only where they are these: a client must not be able to make up time series. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])

interface Distribution {
  readonly counts: Float64Array
  sum: number
}

interface OperationNumbers {
  /** By method, then by status. */
  readonly answers: Map<string, Float64Array>
  /** By policy, then by event. */
  readonly events: Map<string, Map<string, number>>
  readonly durations: Distribution
  readonly upstream: Distribution
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  readonly metricName?: string
}

/** The numbers of a process, as prom-client has them. */
export type MetricsSnapshot = readonly MetricObject[]

/** One page of several processes' numbers: counters are added, what cannot be is averaged or left out. */
export async function mergedMetrics(
  snapshots: readonly MetricsSnapshot[],
): Promise<{ readonly contentType: string; readonly body: string }> {
  const merged = await merge(snapshots)
  return { contentType: merged.contentType, body: await merged.metrics() }
}

/** What of these numbers only ever grows: it must not fall where a process has gone. */
export async function lastingMetrics(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  const numbers = await (await merge(snapshots)).getMetricsAsJSON()
  return numbers.filter(({ type }) => ['counter', 'histogram'].includes(String(type)))
}

async function merge(snapshots: readonly MetricsSnapshot[]): Promise<Registry> {
  const { AggregatorRegistry } = await import('prom-client')
  return AggregatorRegistry.aggregate(snapshots as MetricObject[][])
}

/**
 * Counts what a service does. Counting is array and map arithmetic (prom-client's own counters hash their labels on each
 * call); prom-client renders the numbers when somebody asks. It is loaded when somebody first does: its start would be
 * a fifth of a small service's. The process's own numbers, event loop lag among them, are taken from then on.
 */
export class Metrics {
  readonly #inFlight: () => number
  readonly #resources: readonly Resource[]
  readonly #numbers = new Map<string, OperationNumbers>()
  readonly #findings = new Findings()
  #registry: Promise<Registry> | undefined = undefined

  /**
   * @param inFlight how many requests are under way
   * @param resources whose own numbers are shown as well
   */
  constructor(inFlight: () => number, resources: readonly Resource[] = []) {
    this.#inFlight = inFlight
    this.#resources = resources
  }

  /** Counts one finished turn. Requests that met no operation are `none`. */
  observe(turn: Turn): void {
    const { exchange } = turn
    const numbers = this.#of(exchange === undefined ? 'none' : exchange.operation.id)
    // 499, as nginx has it: the client went away before there was an answer.
    count(numbers, turn.request.method!, turn.status === 0 ? 499 : turn.status)
    add(numbers.durations, turn.duration / 1000)
    if (exchange === undefined) return
    if (exchange.upstreamMs !== undefined) add(numbers.upstream, exchange.upstreamMs / 1000)
    if (exchange.events !== undefined) {
      for (const event of exchange.events) {
        countEvent(numbers, event)
        if (event.places !== undefined) this.#findings.count(exchange.operation.id, event)
      }
    }
  }

  /** Counts what was refused before it was a request. */
  refused(status: number): void {
    count(this.#of('none'), 'OTHER', status)
  }

  #of(id: string): OperationNumbers {
    let numbers = this.#numbers.get(id)
    if (numbers === undefined) this.#numbers.set(id, (numbers = newNumbers()))
    return numbers
  }

  /** In the text format of Prometheus. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    const registry = await (this.#registry ??= this.#register())
    return { contentType: registry.contentType, body: await registry.metrics() }
  }

  /** The same as data, to be added to the numbers of other processes. */
  async snapshot(): Promise<MetricsSnapshot> {
    const registry = await (this.#registry ??= this.#register())
    return registry.getMetricsAsJSON()
  }

  async #register(): Promise<Registry> {
    const { collectDefaultMetrics, Registry } = await import('prom-client')
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const add = (name: string, type: string, help: string, values: () => Sample[], aggregator = 'sum'): void => {
      const metric = { name, get: () => Promise.resolve({ name, help, type, aggregator, values: values() }) }
      registry.registerMetric(metric as unknown as Metric)
    }
    add('http_requests_total', 'counter', 'Requests answered.', () => this.#answers())
    add('http_request_duration_seconds', 'histogram', 'From the head of the request to the end of the answer.', () =>
      this.#histogram('http_request_duration_seconds', ({ durations }) => durations),
    )
    add('http_upstream_duration_seconds', 'histogram', "From the call to the head of the upstream's answer.", () =>
      this.#histogram('http_upstream_duration_seconds', ({ upstream }) => upstream),
    )
    add('http_requests_in_flight', 'gauge', 'Requests under way.', () => [{ labels: {}, value: this.#inFlight() }])
    add('specgate_policy_events_total', 'counter', 'What policies did.', () => this.#events())
    add('specgate_findings_total', 'counter', 'What was found in answers, by place.', () => this.#findings.samples())
    for (const { name, type, help, overProcesses } of new Map(
      this.#measures().map((one) => [one.name, one]),
    ).values()) {
      const values = (): Sample[] => this.#measures().flatMap((one) => (one.name === name ? one.values : []))
      add(name, type, help, values, overProcesses)
    }
    return registry
  }

  #measures(): Measure[] {
    return this.#resources.flatMap((resource) => resource.measures?.() ?? [])
  }

  #answers(): Sample[] {
    return [...this.#numbers].flatMap(([operation, { answers }]) =>
      [...answers].flatMap(([method, byStatus]) =>
        [...byStatus].flatMap((value, status) =>
          value === 0 ? [] : [{ labels: { operation, method, status }, value }],
        ),
      ),
    )
  }

  #events(): Sample[] {
    return [...this.#numbers].flatMap(([operation, { events }]) =>
      [...events].flatMap(([policy, byEvent]) =>
        [...byEvent].map(([event, value]) => ({ labels: { operation, policy, event }, value })),
      ),
    )
  }

  #histogram(name: string, of: (numbers: OperationNumbers) => Distribution): Sample[] {
    const samples: Sample[] = []
    for (const [operation, numbers] of this.#numbers) {
      const { counts, sum } = of(numbers)
      let total = 0
      bounds.forEach((le, i) => {
        total += counts[i]!
        samples.push({ metricName: `${name}_bucket`, labels: { operation, le }, value: total })
      })
      total += counts[bounds.length]!
      samples.push(
        { metricName: `${name}_bucket`, labels: { operation, le: '+Inf' }, value: total },
        { metricName: `${name}_sum`, labels: { operation }, value: sum },
        { metricName: `${name}_count`, labels: { operation }, value: total },
      )
    }
    return samples
  }
}

function newNumbers(): OperationNumbers {
  return { answers: new Map(), events: new Map(), durations: newDistribution(), upstream: newDistribution() }
}

function count({ answers }: OperationNumbers, method: string, status: number): void {
  // What has been counted before is one of the methods.
  let byStatus = answers.get(method)
  if (byStatus === undefined) {
    const label = methods.has(method) ? method : 'OTHER'
    byStatus = answers.get(label)
    if (byStatus === undefined) answers.set(label, (byStatus = new Float64Array(1_000)))
  }
  byStatus[status]!++
}

function countEvent({ events }: OperationNumbers, { policy, event }: PolicyEvent): void {
  let byEvent = events.get(policy)
  if (byEvent === undefined) events.set(policy, (byEvent = new Map()))
  byEvent.set(event, (byEvent.get(event) ?? 0) + 1)
}

function newDistribution(): Distribution {
  return { counts: new Float64Array(bounds.length + 1), sum: 0 }
}

function add(distribution: Distribution, seconds: number): void {
  let i = 0
  while (i < bounds.length && seconds > bounds[i]!) i++
  distribution.counts[i]!++
  distribution.sum += seconds
}
