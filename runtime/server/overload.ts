import { type Rejection, reject } from '../core/rejection.ts'
import type { Measure, Resource } from '../core/resource.ts'

/** What a process takes on at once. */
export interface OverloadLimits {
  /** Connections of clients. */
  readonly connections: number
  /** Requests under way. */
  readonly inFlight: number
  /** How late the event loop may be, in ms, before requests are refused; 0: however late. */
  readonly eventLoopDelay: number
}

type Reason = 'connections' | 'in-flight' | 'event-loop'

interface Episode {
  refused: number
  lastAt: number
  isOn: boolean
  total: number
}

/** How often the event loop is measured, in ms. */
export const sampleEvery = 100
/** Late samples in a row that make an overload: a pause for collection, or a machine that stalls, is none. */
const lateInARow = 5
/** By how much the share of refused requests grows with a late sample and shrinks with a good one. */
const [growth, recovery] = [0.1, 0.05]
/** Some are always let in: without them nobody would learn that it is over. */
const largestShare = 0.95
/** An episode is over after so long without a refusal, in ms. */
const quiet = 5_000

/**
 * Refuses what is beyond a process's strength, so that what it accepts is answered in time. It looks at one number for a
 * request; the event loop is measured beside them, by how late a timer comes.
 */
export class Overload implements Resource {
  readonly name = 'overload'
  readonly #limits: OverloadLimits
  readonly #log: { warn(fields: object, message: string): void; info(fields: object, message: string): void }
  readonly #now: () => number
  readonly #episodes: Readonly<Record<Reason, Episode>> = {
    connections: newEpisode(),
    'in-flight': newEpisode(),
    'event-loop': newEpisode(),
  }
  /** Requests to refuse of all that come; 0 while the loop is in time. */
  #share = 0
  #owed = 0
  #late = 0
  #expected: number
  #timer: NodeJS.Timeout | undefined

  constructor(
    limits: OverloadLimits,
    log: { warn(fields: object, message: string): void; info(fields: object, message: string): void },
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits
    this.#log = log
    this.#now = now
    this.#expected = now() + sampleEvery
  }

  start(): void {
    this.#expected = this.#now() + sampleEvery
    this.#timer ??= setInterval(() => this.sample(), sampleEvery).unref()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Whether one more request may be taken. @returns the refusal where it may not */
  judge(inFlight: number): Rejection | undefined {
    if (inFlight > this.#limits.inFlight) return this.#refuse('in-flight')
    if (this.#share === 0) return undefined
    this.#owed += this.#share
    if (this.#owed < 1) return undefined
    this.#owed -= 1
    return this.#refuse('event-loop')
  }

  /** Whether a connection may be taken beside so many. @returns the refusal where it may not */
  judgeConnection(others: number): Rejection | undefined {
    return others < this.#limits.connections ? undefined : this.#refuse('connections')
  }

  /** Looks at the clock; called by the timer. */
  sample(): void {
    const now = this.#now()
    const { eventLoopDelay } = this.#limits
    const delay = now - this.#expected
    this.#expected = now + sampleEvery
    if (eventLoopDelay > 0 && delay > eventLoopDelay) {
      this.#late++
      if (this.#late >= lateInARow) this.#share = Math.min(largestShare, this.#share + growth)
    } else {
      this.#late = 0
      this.#share = this.#share <= recovery ? 0 : this.#share - recovery
    }
    for (const reason of ['connections', 'in-flight', 'event-loop'] as const) {
      const episode = this.#episodes[reason]
      if (!episode.isOn || now - episode.lastAt < quiet) continue
      episode.isOn = false
      this.#log.info({ reason, refused: episode.refused }, 'the overload is over')
    }
  }

  measures(): Measure[] {
    const values = Object.entries(this.#episodes).map(([reason, { total }]) => ({ labels: { reason }, value: total }))
    return [{ name: 'specgate_shed_total', type: 'counter', help: 'Refused for want of strength.', values }]
  }

  #refuse(reason: Reason): Rejection {
    const episode = this.#episodes[reason]
    episode.total++
    episode.lastAt = this.#now()
    if (episode.isOn) episode.refused++
    else {
      episode.isOn = true
      episode.refused = 1
      this.#log.warn({ reason, limits: this.#limits }, 'overloaded: what is too much is refused')
    }
    return reject('service-unavailable', {
      detail: 'The service has more to do than it can; try again in a moment.',
      headers: ['Retry-After', '1'],
      cause: `overload: ${reason}`,
    })
  }
}

function newEpisode(): Episode {
  return { refused: 0, lastAt: 0, isOn: false, total: 0 }
}
