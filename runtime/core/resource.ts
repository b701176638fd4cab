/**
 * Something with a life of its own beside requests: a watched file, a connection to a store, a pool of sockets.
 * The composition root lists every resource; `serve` starts them all before the first request and closes them last.
 */
export interface Resource {
  /** What a boot message calls it, e.g. `consumers file specs/orders.consumers.yaml`. */
  readonly name: string
  /** Rejects with a sentence a person can act on; `serve` collects the sentences of all resources and settings. */
  start?(): void | Promise<void>
  /** Whether traffic may come; `/health/ready` says 503 while any resource says false. */
  ready?(): boolean
  close?(): void | Promise<void>
  /** What it can be counted by now: always the same names. */
  measures?(): readonly Measure[]
}

/** A number of a resource for `/metrics`. Names end as Prometheus asks: counters in `_total`, others in their unit. */
export interface Measure {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  /** What the numbers of several processes are together; default: their sum. */
  readonly overProcesses?: 'sum' | 'min'
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}
