import type { LeaseStore } from '../../limits/lease-store.ts'
import { StoreError } from '../../store/store-error.ts'
import type { RoomOptions } from './room.ts'
import { Line, type Place, Waiter } from './waiter.ts'

/** How often a place is asked for while somebody waits, in ms: places may be released by other instances. */
const askEvery = 25

/**
 * Places that several instances share. Each has a line of its own, in which who came first is served first; between
 * instances chance decides.
 */
export class SharedRoom {
  readonly #options: RoomOptions
  readonly #leases: LeaseStore
  readonly #lines = new Map<string, { readonly line: Line; isAsking: boolean; timer: NodeJS.Timeout | undefined }>()

  constructor(options: RoomOptions, leases: LeaseStore) {
    this.#options = options
    this.#leases = leases
  }

  /** @throws StoreError */
  async enter(key: string): Promise<Place | Waiter | undefined> {
    const { max, queue, patience } = this.#options
    const waiting = this.#lines.get(key)?.line.length ?? 0
    if (waiting === 0) {
      const place = await this.#acquire(key, max)
      if (place !== undefined) return place
    }
    if (queue === 0) return undefined
    let entry = this.#lines.get(key)
    if (entry !== undefined && entry.line.length >= queue) return undefined
    if (entry === undefined) this.#lines.set(key, (entry = { line: new Line(), isAsking: false, timer: undefined }))
    const waiter = new Waiter(patience)
    entry.line.join(waiter)
    entry.timer ??= setTimeout(() => void this.#serve(key), askEvery)
    return waiter
  }

  async #acquire(key: string, max: number): Promise<Place | undefined> {
    const lease = await this.#leases.acquire(key, max)
    if (lease === undefined) return undefined
    return {
      release: () => {
        lease.release()
        void this.#serve(key)
      },
    }
  }

  /** Asks for places for those who wait, until there is none. */
  async #serve(key: string): Promise<void> {
    const entry = this.#lines.get(key)
    if (entry === undefined || entry.isAsking) return
    entry.isAsking = true
    clearTimeout(entry.timer)
    entry.timer = undefined
    try {
      while (entry.line.first !== undefined) {
        const place = await this.#acquire(key, this.#options.max)
        if (place === undefined) break
        const { first } = entry.line
        if (first === undefined) place.release()
        else first.end(place)
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      for (let first = entry.line.first; first !== undefined; first = entry.line.first) first.end('store-lost')
    } finally {
      entry.isAsking = false
    }
    if (entry.line.first === undefined) this.#lines.delete(key)
    else entry.timer = setTimeout(() => void this.#serve(key), askEvery)
  }
}
