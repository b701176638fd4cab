import type { Cors } from './cors.ts'
import type { OperationInfo } from './exchange.ts'
import type { Fields } from './headers.ts'
import type { Next, Policy } from './policy.ts'
import type { OpenTunnel } from './tunnel.ts'

/** Where requests end: something that sends them on. Implemented by `upstream/`. */
export interface Destination {
  /**
   * @param path a path template of the upstream's own, over the operation's path variables, where it differs
   * @param method the upstream's method, where it differs
   */
  handler(operation: OperationInfo, path?: string, method?: string): Next
}

export interface OperationDefinition {
  readonly id: string
  readonly method: string
  /** The path template, base path included. */
  readonly path: string
  readonly upstream: Destination
  /** The upstream's own path template and method, where they differ from the public ones. */
  readonly upstreamPath?: string
  readonly upstreamMethod?: string
  /** Bytes; a larger request body is 413. */
  readonly bodyLimit?: number
  /** `caller`: `X-Request-Id` is a parameter of the contract, and goes on as it came. Default: it is the proxy's own. */
  readonly requestId?: 'caller'
  /** Whether the contract declares a request body; where it does not, one is 415 or 400 by `validateRequest`. */
  readonly policies: readonly Policy[]
}

/** An operation ready to serve: its policies wrapped round its upstream. */
export interface Operation extends OperationInfo {
  readonly bodyLimit: number
  readonly requestId?: 'caller' | undefined
  /** Which pages may call; undefined: none. */
  readonly cors?: Cors | undefined
  /** What happens to a connection that changes its protocol; undefined: it cannot. */
  readonly tunnel?: OpenTunnel | undefined
  readonly handle: Next
  /** Puts it together where that was left for its first request. */
  readonly load?: () => void
  /** Of several operations that share path and method: the one a request means; undefined: none. */
  readonly choose?: (query: string, headers: Fields) => Operation | undefined
  /** The operations it stands for. */
  readonly among?: readonly Operation[]
}

export const defaultBodyLimit = 1024 * 1024

/** Builds the way of a request: the first policy of the list is the first a request meets. */
export function operation(definition: OperationDefinition): Operation {
  const { id, method, path, upstream, upstreamPath, upstreamMethod, requestId, policies } = definition
  const info: OperationInfo = { id, method, path }
  const handle = policies.reduceRight<Next>(
    (next, policy) => policy(next),
    upstream.handler(info, upstreamPath, upstreamMethod),
  )
  const cors = policies.find((policy) => policy.cors !== undefined)?.cors
  const tunnel = policies.find((policy) => policy.tunnel !== undefined)?.tunnel
  return { ...info, bodyLimit: definition.bodyLimit ?? defaultBodyLimit, requestId, cors, tunnel, handle }
}
