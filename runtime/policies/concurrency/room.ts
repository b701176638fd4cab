import { Line, type Place, Waiter } from './waiter.ts'

/** How many may be in, how many may wait, and for how long. */
export interface RoomOptions {
  readonly max: number
  readonly queue: number
  /** Milliseconds. */
  readonly patience: number
}

/** A place at once; somebody to wait for one; undefined where nobody more may wait. */
export type Entry = Place | Waiter | undefined

/** Places of this process, for each caller. What is kept is as much as is under way. */
export class Room {
  readonly #options: RoomOptions
  readonly #callers = new Map<string, { taken: number; readonly line: Line }>()

  constructor(options: RoomOptions) {
    this.#options = options
  }

  /** Callers that have somebody in. */
  get size(): number {
    return this.#callers.size
  }

  enter(key: string): Entry {
    const { max, queue, patience } = this.#options
    let caller = this.#callers.get(key)
    if (caller === undefined) this.#callers.set(key, (caller = { taken: 0, line: new Line() }))
    if (caller.taken < max) {
      caller.taken++
      return this.#place(key)
    }
    if (queue === 0 || caller.line.length >= queue) return undefined
    const waiter = new Waiter(patience)
    caller.line.join(waiter)
    return waiter
  }

  #place(key: string): Place {
    let isHeld = true
    return {
      release: () => {
        if (isHeld) this.#leave(key)
        isHeld = false
      },
    }
  }

  /** The place goes to who waits first; so whoever comes later cannot overtake. */
  #leave(key: string): void {
    const caller = this.#callers.get(key)!
    const { first } = caller.line
    if (first !== undefined) first.end(this.#place(key))
    else if (--caller.taken === 0) this.#callers.delete(key)
  }
}
