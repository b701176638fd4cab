import { Readable } from 'node:stream'
import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { combinedField, fieldValue } from '../../core/headers.ts'
import type { Next } from '../../core/policy.ts'
import { reject } from '../../core/rejection.ts'
import { keyAccess } from '../../identity/credential.ts'
import type { Outgoing, Send, UpstreamAuth, UpstreamCredential } from './upstream-credential.ts'

const authorization = keyAccess({ in: 'header', name: 'authorization' })
/** RFC 9110 §9.2.2. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/**
 * Sends every request with the service's own credential. The exchange stays as the caller made it: what is cached or logged
 * by it knows nothing of the credential.
 */
export function withCredential(credential: UpstreamCredential): UpstreamAuth {
  return { fault: credential.fault, wrap: (send, method) => way(credential, send, method) }
}

function way(credential: UpstreamCredential, send: Send, method: string | undefined): Next {
  return async (exchange) => {
    const outgoing: Outgoing = { headers: exchange.headers, query: exchange.query }
    const presented = credential.present(outgoing)
    if (presented !== undefined) await presented
    const first = await send(exchange, outgoing)
    if (first.status !== 401 || credential.refused === undefined) return judged(exchange, outgoing, first)
    if (!mayRepeat(exchange, method ?? exchange.method, first)) {
      // For those who come after it.
      void credential.refused(outgoing)
      return judged(exchange, outgoing, first)
    }
    if (!(await credential.refused(outgoing))) return judged(exchange, outgoing, first)
    if (first.body instanceof Readable) first.body.destroy()
    // Once more with a new credential.
    const second: Outgoing = { headers: exchange.headers, query: exchange.query }
    await credential.present(second)
    return judged(exchange, second, await send(exchange, second))
  }

  /**
   * An upstream that refuses the service's credential has nothing to ask of the caller, who could not give it: 502. A 403
   * without a challenge goes on, since it may mean what the caller wants to do; so does the word on a credential that the
   * caller gave and the upstream got.
   */
  function judged(exchange: Exchange, outgoing: Outgoing, answer: Answer): Answer {
    credential.withhold?.(answer)
    const { status, headers, body } = answer
    const isRefusal = status === 401 || (status === 403 && fieldValue(headers, 'www-authenticate') !== undefined)
    if (!isRefusal || gotCallers(exchange, outgoing)) return answer
    if (body instanceof Readable) body.destroy()
    exchange.record('upstream', 'credential-refused', { status })
    throw reject('upstream-refused', {
      detail: 'The upstream does not let this service in; nothing the caller can give would change that.',
      cause: `the upstream answered ${status} to the credential of this service`,
    })
  }
}

/** Whether the upstream got a credential that the caller wrote. */
function gotCallers(exchange: Exchange, outgoing: Outgoing): boolean {
  return [authorization, ...(exchange.forwarded ?? [])].some((credential) => {
    const sent = credential.read(outgoing)
    return sent !== undefined && sent === credential.read(exchange)
  })
}

/**
 * A 401 says that nothing was done (RFC 9110 §15.5.2), but an operation may mean its own caller by it: what is not
 * idempotent is sent again only where the upstream says that it is the token (RFC 6750 §3.1). A streamed body is gone.
 */
function mayRepeat({ body }: Exchange, method: string, { headers }: Answer): boolean {
  if (body.forwarded !== null && !Buffer.isBuffer(body.forwarded)) return false
  return idempotent.has(method) || /error="?invalid_token/.test(combinedField(headers, 'www-authenticate') ?? '')
}
