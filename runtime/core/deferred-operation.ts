import type { OperationInfo } from './exchange.ts'
import { defaultBodyLimit, type Operation } from './operation.ts'
import type { Next } from './policy.ts'

export interface DeferredInfo extends OperationInfo {
  readonly bodyLimit?: number
  readonly requestId?: 'caller'
}

/**
 * An operation that is put together when it is first asked for: a bundle of a thousand operations starts as fast as one of
 * five. From the second request on it costs what any other does.
 */
export function deferredOperation(info: DeferredInfo, load: () => Operation): Operation {
  const { id, method, path, bodyLimit = defaultBodyLimit, requestId } = info
  let loaded: Operation | undefined
  const whole = (): Operation => (loaded ??= load())
  const handle: Next = (exchange) => {
    made.handle = whole().handle
    return made.handle(exchange)
  }
  const made = {
    id,
    method,
    path,
    bodyLimit,
    requestId,
    handle,
    load: () => void whole(),
    get cors() {
      return whole().cors
    },
    get tunnel() {
      return whole().tunnel
    },
  }
  return made
}
