import type { Answer } from '../core/answer.ts'
import { Rejection, reject } from '../core/rejection.ts'

/** A refusal as `application/problem+json`; `instance` is what the log calls the request too. */
export function problemAnswer(rejection: Rejection, requestId: string): Answer {
  const headers = ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store']
  if (rejection.options.headers !== undefined) headers.push(...rejection.options.headers)
  return {
    status: rejection.status,
    headers,
    body: JSON.stringify(rejection.problem(`urn:uuid:${requestId}`)),
  }
}

/** What a failure means to the client: a refusal says so itself, anything else is a fault of ours. */
export function asRejection(failure: unknown): Rejection {
  return failure instanceof Rejection ? failure : reject('internal-error', { cause: failure })
}
