import type { onResponse } from '../../../runtime/policies/on-response/on-response.ts'
import { definePolicy } from '../define.ts'

/** `specs/<name>.hooks.ts` may hold an `onResponse` for an operation; only then is this emitted. */
export default definePolicy<typeof onResponse, Record<string, never>>({
  name: 'onResponse',
  summary: "Runs the user's own code after the answer was validated, before the cache stores it.",
  levels: [],
  options: null,
  instance: 'operation',
  lower: (_options, { hooks }) => (hooks.onResponse === undefined ? undefined : [hooks.onResponse]),
})
