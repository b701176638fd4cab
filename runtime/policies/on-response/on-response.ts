import type { Policy } from '../../core/policy.ts'
import type { ResponseHook } from '../../hooks/hooks.ts'
import { HookRequest } from '../../hooks/request.ts'
import { HookResponse } from '../../hooks/response.ts'

/** Lets the user's own code see and change an answer after it was validated, before the cache stores it. */
// biome-ignore lint/suspicious/noExplicitAny: the bodies' types are the operation's, checked in the emitted hooks.ts
export function onResponse(hook: ResponseHook<any, any>): Policy {
  return (next) => async (exchange) => {
    const answer = await next(exchange)
    await hook(new HookResponse(answer), new HookRequest(exchange))
    return answer
  }
}
