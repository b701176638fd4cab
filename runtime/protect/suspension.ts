/** What may lead to a suspension. */
export type Signal =
  /** 401 and 403: a credential is missing, wrong, or does not suffice. */
  | 'auth-failure'
  /** The request does not meet the contract, or cannot be read. */
  | 'validation-failure'
  /** A path the contract does not have. */
  | 'not-found'
  | 'rate-limited'
  /** A body, an address or fields beyond the limits. */
  | 'oversize'
  /** Many different values of one path parameter. */
  | 'enumeration'

/** `count` signals in `windowMs` suspend for `forMs`: the first time; each further time twice as long. */
export interface SuspendRule {
  readonly count: number
  readonly windowMs: number
  readonly forMs: number
}

export type SuspendRules = { readonly [S in Signal]?: SuspendRule }

/** Somebody who may not call for a while. */
export interface Suspension {
  /** `address 192.0.2.1`, `address 2001:db8:0:1::/64`, `consumer acme`. */
  readonly subject: string
  readonly signal: Signal
  /** How many times in a row, this one included. */
  readonly times: number
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** One more sign of somebody. */
export interface Noted {
  readonly subject: string
  readonly signal: Signal
  readonly rule: SuspendRule
  /** Enumeration: which parameter of which operation, and a digest of its value. */
  readonly place?: string
  readonly value?: string
}

/** Where signals are counted and suspensions are kept. */
export interface Tally {
  /** The suspension this has led to, if it has. */
  note(noted: Noted): Suspension | undefined | Promise<Suspension | undefined>
  /** Everybody, where no subject is given. */
  lift(subject: string | undefined): void | Promise<void>
  /** Learns what others have decided, now and from now on. */
  listen(listener: TallyListener): void | Promise<void>
}

export interface TallyListener {
  suspended(suspension: Suspension): void
  lifted(subject: string | undefined): void
}

const day = 86_400_000

/** Twice as long each time, up to a day (or as long as the author wants it the first time). */
export function suspendedFor({ forMs }: SuspendRule, times: number): number {
  return Math.min(forMs * 2 ** Math.min(times - 1, 30), longestOf(forMs))
}

export function longestOf(forMs: number): number {
  return Math.max(forMs, day)
}

/** How long after its end a suspension is remembered: who comes again before that is suspended for longer. */
export const rememberedFor = day
