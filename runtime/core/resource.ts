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
}
