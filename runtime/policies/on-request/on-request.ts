import type { Answer } from '../../core/answer.ts'
import type { Policy } from '../../core/policy.ts'
import type { HookAnswer, RequestHook } from '../../hooks/hooks.ts'
import { checkedName, checkedValue, HookRequest } from '../../hooks/request.ts'

/** Lets the user's own code see a request before the cache and the upstream do, and answer it if it wants to. */
// biome-ignore lint/suspicious/noExplicitAny: the body's type is the operation's, checked in the emitted hooks.ts
export function onRequest(hook: RequestHook<any>): Policy {
  return (next) => async (exchange) => {
    const own = await hook(new HookRequest(exchange))
    return own === undefined ? next(exchange) : answerOf(own)
  }
}

function answerOf({ status, headers = {}, json, body }: HookAnswer): Answer {
  const fields = Object.entries(headers).flatMap(([name, value]) => [checkedName(name), checkedValue(value)])
  if (json === undefined) return { status, headers: fields, body: body ?? null }
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return {
    status,
    headers: typed ? fields : [...fields, 'Content-Type', 'application/json'],
    body: JSON.stringify(json),
  }
}
