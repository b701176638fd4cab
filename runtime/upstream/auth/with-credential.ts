import { Readable } from 'node:stream'
import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { combinedField } from '../../core/headers.ts'
import type { Next } from '../../core/policy.ts'
import type { Outgoing, Send, UpstreamAuth, UpstreamCredential } from './upstream-credential.ts'

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
  const ask = (exchange: Exchange): Promise<Answer> => {
    const outgoing: Outgoing = { headers: exchange.headers, query: exchange.query }
    const presented = credential.present(outgoing)
    const answer = presented === undefined ? send(exchange, outgoing) : presented.then(() => send(exchange, outgoing))
    return credential.refused === undefined ? answer : answer.then((first) => again(exchange, outgoing, first))
  }
  return ask

  /** Once more with a new credential, where the upstream did not accept the first and sending again does no harm. */
  async function again(exchange: Exchange, outgoing: Outgoing, first: Answer): Promise<Answer> {
    if (first.status !== 401 || !mayRepeat(exchange, method ?? exchange.method, first)) return first
    if (!(await credential.refused!(outgoing))) return first
    if (first.body instanceof Readable) first.body.destroy()
    const second: Outgoing = { headers: exchange.headers, query: exchange.query }
    await credential.present(second)
    return send(exchange, second)
  }
}

/**
 * A 401 says that nothing was done (RFC 9110 §15.5.2), but an operation may mean its own caller by it: what is not
 * idempotent is sent again only where the upstream says that it is the token (RFC 6750 §3.1). A streamed body is gone.
 */
function mayRepeat({ body }: Exchange, method: string, { headers }: Answer): boolean {
  if (body.forwarded !== null && !Buffer.isBuffer(body.forwarded)) return false
  return idempotent.has(method) || /error="?invalid_token/.test(combinedField(headers, 'www-authenticate') ?? '')
}
