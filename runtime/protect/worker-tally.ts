import { heardByWorkers, heldByPrimary } from '../store/worker-store.ts'
import { MemoryTally } from './memory-tally.ts'
import type { Noted, Suspension, Tally, TallyListener } from './suspension.ts'

type Question = readonly ['note', Noted] | readonly ['lift', string | undefined | null] | readonly ['list']

type News = readonly ['suspended', Suspension] | readonly ['lifted', string | null]

/** Where a service without a store counts: in its process, or in the primary of its workers for all of them. */
export function workerTally(now: () => number): Tally {
  const own = new MemoryTally(now)
  const ask = heldByPrimary<Question, readonly Suspension[]>('protect', {
    answer([kind, about]) {
      if (kind === 'list') return own.list()
      if (kind === 'lift') {
        own.lift((about as string | null | undefined) ?? undefined)
        return []
      }
      const suspension = own.note(about as Noted)
      return suspension === undefined ? [] : [suspension]
    },
  })
  if (ask === undefined) return own
  let listener: TallyListener | undefined
  const tell = heardByWorkers<News, null>('protect', ([kind, about]) => {
    if (kind === 'suspended') listener?.suspended(about as Suspension)
    else listener?.lifted((about as string | null) ?? undefined)
    return null
  })
  return {
    async note(noted) {
      try {
        const [suspension] = await ask(['note', noted])
        if (suspension !== undefined) void tell?.(['suspended', suspension])
        return suspension
      } catch {
        // The primary cannot be asked: better judged by what this process has seen than not at all.
        return own.note(noted)
      }
    },
    async lift(subject) {
      own.lift(subject)
      await ask(['lift', subject ?? null]).catch(() => {})
      await tell?.(['lifted', subject ?? null])
    },
    async listen(one) {
      listener = one
      for (const suspension of await ask(['list']).catch(() => [])) one.suspended(suspension)
    },
  }
}
