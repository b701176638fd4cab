import { type Rejection, reject } from '../core/rejection.ts'

/**
 * What a failure of the transport means to the client. The cause goes to the log only: it may name addresses.
 * @param isUnsent nothing had been sent yet
 */
export function failureOf(error: Error, isUnsent: boolean): Rejection {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (isOurs(error)) return reject('bad-request', { cause: error })
  if (!isUnsent && (code.startsWith('HPE_') || malformed.has(code) || error.name === 'HTTPParserError')) {
    return reject('upstream-malformed', { cause: error })
  }
  return reject('upstream-unreachable', { cause: error })
}

const malformed = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_HEADERS_OVERFLOW'])

/** The request cannot be sent as it is: no fault of the target. */
export function isOurs(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
}

/** The connection ended before a byte of the answer, which a kept one may do at any time. */
export function isBrokenConnection(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}
