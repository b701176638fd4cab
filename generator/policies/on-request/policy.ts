import type { onRequest } from '../../../runtime/policies/on-request/on-request.ts'
import { definePolicy } from '../define.ts'

/** `specs/<name>.hooks.ts` may hold an `onRequest` for an operation; only then is this emitted. */
export default definePolicy<typeof onRequest, Record<string, never>>({
  name: 'onRequest',
  summary: "Runs the user's own code before the cache and the upstream see the request.",
  levels: [],
  options: null,
  instance: 'operation',
  lower: (_options, { hooks }) => (hooks.onRequest === undefined ? undefined : [hooks.onRequest]),
})
