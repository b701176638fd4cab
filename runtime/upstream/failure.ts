import { type Rejection, reject } from '../core/rejection.ts'
import { TransportError } from './transport-error.ts'

/** What a failure of the transport means to the client. The cause goes to the log only: it may name addresses. */
export function failureOf(error: Error): Rejection {
  const fault = error instanceof TransportError ? error.fault : undefined
  if (fault === 'unsendable') return reject('bad-request', { cause: error })
  if (fault === 'malformed') return reject('upstream-malformed', { cause: error })
  return reject('upstream-unreachable', { cause: error })
}

/** The request cannot be sent as it is: no fault of the target. */
export function isOurs(error: Error): boolean {
  return error instanceof TransportError && error.fault === 'unsendable'
}

/** The connection ended before a byte of the answer. */
export function isBrokenConnection(error: Error): boolean {
  return error instanceof TransportError && error.fault === 'broken'
}
