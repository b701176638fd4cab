/**
 * What went wrong between the service and an upstream:
 * - `unsendable`: the request cannot be said in HTTP/1.1 as it is; no fault of the upstream
 * - `malformed`: what came back is no answer that can be believed
 * - `stale`: a connection had ended, or was not sound, before anything of the request was sent on it: another will do
 * - `broken`: the connection ended before a byte of the answer, which a kept one may do at any time
 * - `cut`: it ended after that, or for a reason of ours
 * - `unreachable`: there never was a connection
 */
export type TransportFault = 'unsendable' | 'malformed' | 'stale' | 'broken' | 'cut' | 'unreachable'

/** Its message is for the log only, like whatever caused it. */
export class TransportError extends Error {
  readonly fault: TransportFault

  constructor(fault: TransportFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TransportError'
    this.fault = fault
  }
}
