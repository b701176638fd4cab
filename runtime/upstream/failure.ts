import { type Rejection, reject } from '../core/rejection.ts'
import { TransportError, type TransportFault } from './transport-error.ts'

/** What went wrong on the way; undefined where it was something else, such as a body that the client broke off. */
export function faultOf(error: Error): TransportFault | undefined {
  return error instanceof TransportError ? error.fault : undefined
}

/** What a failure of the transport means to the client. The cause goes to the log only: it may name addresses. */
export function failureOf(error: Error): Rejection {
  const fault = faultOf(error)
  if (fault === 'unsendable') return reject('bad-request', { cause: error })
  if (fault === 'malformed') return reject('upstream-malformed', { cause: error })
  return reject('upstream-unreachable', { cause: error })
}
