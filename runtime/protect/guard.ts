import { hash } from 'node:crypto'
import type { Exchange } from '../core/exchange.ts'
import { type Rejection, reject } from '../core/rejection.ts'
import type { Measure, Resource } from '../core/resource.ts'
import type { Seen, Sentry } from '../core/sentry.ts'
import { addressKey } from '../limits/address-key.ts'
import { calendarClock } from '../limits/calendar-clock.ts'
import { type AddressLists, addressLists, type ListVerdict } from './address-lists.ts'
import { type Block, blockOf, printSuspension, subjectOf } from './block.ts'
import { signalOf } from './signal-of.ts'
import type { Noted, Signal, SuspendRules, Suspension, Tally } from './suspension.ts'
import { workerTally } from './worker-tally.ts'

export interface GuardOptions extends AddressLists {
  readonly suspendAfter: SuspendRules
  /** Where instances count and keep suspensions together; without it each service does for itself. */
  readonly tally?: Tally
}

/** For tests. */
export interface GuardSurroundings {
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly say?: (suspension: Suspension, forMs: number) => void
}

export function guard(options: GuardOptions, surroundings: GuardSurroundings = {}): Guard {
  return new Guard(options, surroundings)
}

/** Suspensions that are known at once. */
const mostKnown = 200_000

/** Watches who calls: turns away who is listed, and for a while who has given too many signs of bad intent. */
export class Guard implements Resource, Sentry {
  readonly name = 'protect'
  readonly rules: SuspendRules
  readonly #now: () => number
  readonly #say: (suspension: Suspension, forMs: number) => void
  readonly #lists: ((address: string) => ListVerdict) | undefined
  readonly #tally: Tally
  readonly #suspended = new Map<string, Suspension>()
  readonly #suspensions = new Map<Signal, number>()
  readonly #refused = { listed: 0, suspended: 0 }

  constructor(
    { allow, block, suspendAfter, tally }: GuardOptions,
    { now = calendarClock(), say = printSuspension }: GuardSurroundings,
  ) {
    this.rules = suspendAfter
    this.#now = now
    this.#say = say
    this.#lists = allow.length + block.length === 0 ? undefined : addressLists({ allow, block })
    this.#tally = tally ?? workerTally(now)
  }

  async start(): Promise<void> {
    await this.#tally.listen({
      suspended: (suspension) => this.#keep(suspension),
      lifted: (subject) => {
        if (subject === undefined) this.#suspended.clear()
        else this.#suspended.delete(subject)
      },
    })
  }

  judge(address: string): Rejection | undefined {
    const verdict = this.#lists?.(address)
    if (verdict === 'blocked') {
      this.#refused.listed++
      return reject('forbidden', { detail: 'Nobody may call from this address.' })
    }
    // Nobody suspended is the rule: then nothing is worked out.
    if (this.#suspended.size === 0 || verdict === 'allowed') return undefined
    return this.#refusal(`address ${addressKey(address)}`)
  }

  /** Of a consumer, once it is known. */
  judgeConsumer({ consumer }: Exchange): Rejection | undefined {
    if (consumer === undefined || this.#suspended.size === 0) return undefined
    return this.#refusal(subjectOf(consumer))
  }

  saw({ address, consumer, problem, isRouted }: Seen): void {
    const signal = signalOf(problem, isRouted)
    const rule = signal === undefined ? undefined : this.rules[signal]
    if (signal === undefined || rule === undefined) return
    const subject = this.#subject(address, consumer)
    if (subject !== undefined) this.#note({ subject, signal, rule })
  }

  /** Notes the values of the path parameters somebody asks for. */
  walked({ address, consumer, operation, pathValues }: Exchange): void {
    const rule = this.rules.enumeration
    const subject = rule === undefined ? undefined : this.#subject(address, consumer)
    if (rule === undefined || subject === undefined) return
    pathValues.forEach((text, index) => {
      const value = hash('sha256', text, 'base64').slice(0, 12)
      this.#note({ subject, signal: 'enumeration', rule, place: `${operation.id} ${index}`, value })
    })
  }

  /** Who is suspended now, longest first. */
  list(): Block[] {
    const now = this.#now()
    const blocks = [...this.#suspended.values()].filter(({ until }) => until > now)
    return blocks.sort((a, b) => b.until - a.until).map((one) => blockOf(one, now))
  }

  /** @returns how many were let in again. @param named undefined: everybody */
  async lift(named: string | undefined): Promise<number> {
    // Any address of a /64 means all of it.
    const [, address] = /^address ([^/ ]+)$/.exec(named ?? '') ?? []
    const subject = address === undefined ? named : `address ${addressKey(address)}`
    const blocks = this.list()
    const lifted = subject === undefined ? blocks : blocks.filter((block) => block.subject === subject)
    await this.#tally.lift(subject)
    if (subject === undefined) this.#suspended.clear()
    else this.#suspended.delete(subject)
    return lifted.length
  }

  measures(): readonly Measure[] {
    const suspensions = [...this.#suspensions].map(([signal, value]) => ({ labels: { signal }, value }))
    const refused = Object.entries(this.#refused).map(([reason, value]) => ({ labels: { reason }, value }))
    const counter = { type: 'counter' } as const
    return [
      {
        ...counter,
        name: 'specgate_suspensions_total',
        help: 'Callers suspended by this process.',
        values: suspensions,
      },
      { ...counter, name: 'specgate_protect_refused_total', help: 'Requests turned away.', values: refused },
      {
        name: 'specgate_suspended',
        type: 'gauge',
        help: 'Callers suspended now.',
        values: [{ labels: {}, value: this.list().length }],
      },
    ]
  }

  /** Who is allowed by name is not suspended as an address: the author vouches for it. */
  #subject(address: string, consumer: Seen['consumer']): string | undefined {
    if (consumer !== undefined) return subjectOf(consumer)
    return this.#lists?.(address) === 'allowed' ? undefined : `address ${addressKey(address)}`
  }

  #note(noted: Noted): void {
    const outcome = this.#tally.note(noted)
    if (outcome instanceof Promise) void outcome.then((suspension) => this.#suspend(suspension, noted))
    else this.#suspend(outcome, noted)
  }

  #suspend(suspension: Suspension | undefined, { signal }: Noted): void {
    if (suspension === undefined) return
    this.#keep(suspension)
    this.#suspensions.set(signal, (this.#suspensions.get(signal) ?? 0) + 1)
    this.#say(suspension, suspension.until - this.#now())
  }

  #keep(suspension: Suspension): void {
    if (this.#suspended.size >= mostKnown) {
      const now = this.#now()
      for (const [subject, { until }] of this.#suspended) if (until <= now) this.#suspended.delete(subject)
      if (this.#suspended.size >= mostKnown) this.#suspended.delete(this.#suspended.keys().next().value!)
    }
    this.#suspended.set(suspension.subject, suspension)
  }

  #refusal(subject: string): Rejection | undefined {
    const suspension = this.#suspended.get(subject)
    if (suspension === undefined) return undefined
    const left = suspension.until - this.#now()
    if (left <= 0) {
      this.#suspended.delete(subject)
      return undefined
    }
    this.#refused.suspended++
    const seconds = Math.ceil(left / 1000)
    return reject('abnormal-usage-detected', {
      detail: `Too many requests that looked like misuse; try again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`,
      headers: ['Retry-After', String(seconds)],
    })
  }
}
