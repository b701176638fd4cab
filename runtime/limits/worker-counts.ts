import { heldByPrimary } from '../store/worker-store.ts'
import type { Ruling } from './algorithm.ts'
import type { Asked, CountStore } from './count-store.ts'
import { PrimaryCounts } from './primary-counts.ts'

type Question = readonly [mode: 'take' | 'look' | 'back', asked: readonly Asked[]]

let known: { readonly counts: CountStore | undefined } | undefined

/** Where the workers of a service count together: in their primary process. Undefined: this process is no worker. */
export function workerCounts(): CountStore | undefined {
  known ??= { counts: make() }
  return known.counts
}

function make(): CountStore | undefined {
  const counts = new PrimaryCounts()
  const ask = heldByPrimary<Question, Ruling[]>('limits', {
    answer([mode, asked]) {
      if (mode !== 'back') return counts.rule(asked, mode)
      counts.giveBack(asked)
      return []
    },
  })
  if (ask === undefined) return undefined
  return { rule: (asked, mode) => ask([mode, asked]), giveBack: (asked) => ask(['back', asked]) }
}
