import type { Consumer } from '../core/consumer.ts'
import type { Suspension } from './suspension.ts'

/** A suspension as people are shown it. */
export interface Block {
  /** `address 192.0.2.1`, `consumer acme`: what it is lifted by. */
  readonly subject: string
  readonly signal: string
  readonly times: number
  /** RFC 3339. */
  readonly until: string
  readonly seconds: number
}

export function blockOf({ subject, signal, times, until }: Suspension, now: number): Block {
  return { subject, signal, times, until: new Date(until).toISOString(), seconds: Math.ceil((until - now) / 1000) }
}

/** Two issuers may call two callers by one name. */
export function subjectOf({ id, claims }: Consumer): string {
  const issuer = claims['iss']
  return typeof issuer === 'string' ? `consumer ${id} ${issuer}` : `consumer ${id}`
}

/** A line of the service's log. */
export function printSuspension({ subject, signal, times }: Suspension, forMs: number): void {
  const line = {
    level: 40,
    time: Date.now(),
    msg: 'suspended',
    subject,
    signal,
    times,
    seconds: Math.ceil(forMs / 1000),
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
