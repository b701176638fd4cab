import { hash } from 'node:crypto'
import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Next, Policy } from '../../core/policy.ts'
import { type Rejection, reject } from '../../core/rejection.ts'
import { callerBy, type LimitBy } from '../../limits/caller.ts'
import { refusing } from '../../limits/gate.ts'
import type { LeaseStore } from '../../limits/lease-store.ts'
import { workerLeases } from '../../limits/worker-leases.ts'
import { StoreError } from '../../store/store-error.ts'
import { Room } from './room.ts'
import { SharedRoom } from './shared-room.ts'
import { type Place, Waiter } from './waiter.ts'

export interface ConcurrencyOptions {
  /** Requests under way at once, of each caller. */
  readonly max: number
  readonly by: LimitBy
  /** Requests that may wait for a place; the rest is refused at once. */
  readonly queue: number
  /** Milliseconds. */
  readonly queueTimeout: number
  /** Where all instances of the service count together; without it each process counts for itself. */
  readonly shared?: {
    readonly leases: LeaseStore
    /** Tells this limit from all others of the service. */
    readonly id: string
    readonly onStoreError: 'open' | 'closed'
  }
  /** What the workers of a service call it among themselves, where it has no store. */
  readonly id?: string
}

/**
 * So many requests under way at once. A place is held until the last byte of the answer is out, the client has gone away
 * or the request has failed: it belongs to the exchange, and ends with it.
 */
export function concurrency(options: ConcurrencyOptions): Policy {
  const { max, by, queue, queueTimeout, id } = options
  const shared = options.shared ?? amongWorkers(id)
  const callerOf = callerBy(by)
  const room = { max, queue, patience: queueTimeout }
  // One for all operations that share this policy.
  const alone = new Room(room)
  const together = shared === undefined ? undefined : new SharedRoom(room, shared.leases)
  const refuse = (exchange: Exchange, event: 'refused' | 'waited-in-vain'): Rejection => {
    exchange.record('concurrency', event)
    return refusal(by === 'service', max)
  }
  return (next) => {
    const local: Next = (exchange) => {
      const entry = alone.enter(callerOf(exchange).key)
      if (entry === undefined) throw refuse(exchange, 'refused')
      if (entry instanceof Waiter) return wait(exchange, entry)
      exchange.hold(entry)
      return next(exchange)
    }
    const wait = async (exchange: Exchange, waiter: Waiter): Promise<Answer> => {
      exchange.record('concurrency', 'waited')
      exchange.underway = waiter
      const end = await waiter.place
      if (exchange.underway === waiter) exchange.underway = undefined
      if (end === 'timeout') throw refuse(exchange, 'waited-in-vain')
      // Nobody is there any more to be told anything.
      if (end === 'gone') throw reject('service-unavailable')
      return end === 'store-lost' ? lost(exchange, end) : goOn(exchange, end)
    }
    const goOn = (exchange: Exchange, place: Place): Answer | Promise<Answer> => {
      exchange.hold(place)
      if (exchange.isOver) throw reject('service-unavailable')
      return next(exchange)
    }
    const lost = (exchange: Exchange, cause: unknown): Answer | Promise<Answer> => {
      exchange.record('concurrency', 'store-lost')
      if (shared?.onStoreError === 'open') return local(exchange)
      const detail = 'Requests cannot be counted at the moment.'
      throw reject('service-unavailable', { detail, headers: ['Retry-After', '1'], cause })
    }
    if (shared === undefined || together === undefined) return refusing(local)
    return refusing(async (exchange) => {
      const key = `${shared.id}:${hash('sha256', callerOf(exchange).key, 'base64url').slice(0, 22)}`
      let entry: Awaited<ReturnType<SharedRoom['enter']>>
      try {
        entry = await together.enter(key)
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        return lost(exchange, error)
      }
      if (entry === undefined) throw refuse(exchange, 'refused')
      return entry instanceof Waiter ? wait(exchange, entry) : goOn(exchange, entry)
    })
  }
}

/** The workers of a service count together; while their primary cannot be asked, each for itself. */
function amongWorkers(id: string | undefined): ConcurrencyOptions['shared'] {
  const leases = id === undefined ? undefined : workerLeases()
  return leases === undefined ? undefined : { leases, id: id!, onStoreError: 'open' }
}

/** What is too much for the service as a whole is no fault of who asks. */
function refusal(isService: boolean, max: number): Rejection {
  const headers = ['Retry-After', '1']
  const extensions = { 'violated-policies': ['concurrency'] }
  if (isService) {
    const detail = 'Too many requests are under way; try again soon.'
    return reject('temporary-reduced-capacity', { detail, headers, extensions })
  }
  const detail = `No more than ${max} of your requests may be under way at once.`
  return reject('quota-exceeded', { detail, headers, extensions })
}
