import { heldByPrimary } from '../store/worker-store.ts'
import type { LeaseStore } from './lease-store.ts'

type Question =
  | readonly [kind: 'acquire', key: string, place: number, max: number]
  | readonly [kind: 'release', key: string, place: number]

/** The places that the primary process gives to its workers. */
export class PrimaryPlaces {
  /** By key, then by worker and place. */
  readonly #taken = new Map<string, Map<string, number>>()

  /** Keys of which a place is taken. */
  get size(): number {
    return this.#taken.size
  }

  answer([kind, key, place, max]: Question, worker: number): boolean {
    const taken = this.#taken.get(key) ?? new Map<string, number>()
    if (kind === 'acquire') {
      if (taken.size >= max) return false
      this.#taken.set(key, taken.set(`${worker} ${place}`, worker))
      return true
    }
    taken.delete(`${worker} ${place}`)
    if (taken.size === 0) this.#taken.delete(key)
    return true
  }

  gone(worker: number): void {
    for (const [key, taken] of this.#taken) {
      for (const [place, holder] of taken) if (holder === worker) taken.delete(place)
      if (taken.size === 0) this.#taken.delete(key)
    }
  }
}

let known: { readonly leases: LeaseStore | undefined } | undefined

/** Where the workers of a service count together who is under way: in their primary. Undefined: this process is no worker. */
export function workerLeases(): LeaseStore | undefined {
  known ??= { leases: make() }
  return known.leases
}

function make(): LeaseStore | undefined {
  const ask = heldByPrimary<Question, boolean>('places', new PrimaryPlaces())
  if (ask === undefined) return undefined
  let next = 0
  return {
    async acquire(key, max) {
      const place = next++
      const release = (): void => void ask(['release', key, place]).catch(() => {})
      try {
        return (await ask(['acquire', key, place, max])) ? { release } : undefined
      } catch (error) {
        // It may have been given all the same.
        release()
        throw error
      }
    },
  }
}
