import type { Exchange } from '../core/exchange.ts'
import { isField } from '../core/headers.ts'
import { ambiguous, quoted, type Refusal, type Verdict } from '../core/verifier.ts'
import { keyAccess } from './credential.ts'

/** Characters; a longer token is wrong without being looked at. */
export const longestToken = 8192

/** RFC 6750 §2.1: `b64token`. */
const tokenForm = /^ +([A-Za-z0-9\-._~+/]+=*)$/
const inQuery = keyAccess({ in: 'query', name: 'access_token' })

const malformed: Verdict = {
  outcome: 'invalid',
  reason: 'malformed',
  malformed: true,
  error: { code: 'invalid_request', description: 'The Authorization field holds no bearer token' },
}
const severalTokens: Verdict = {
  ...(ambiguous as Extract<Verdict, { outcome: 'invalid' }>),
  error: { code: 'invalid_request', description: 'The access token was given more than once' },
}

/**
 * The bearer token of a request (RFC 6750 §2.1), undefined where there is none, or the verdict on a request that is itself
 * at fault. Tokens are taken from `Authorization` alone: in a body or a query they would end in logs (RFC 9700 §4.3.2); one
 * in the query beside it is a second way of giving a token, which §2 forbids.
 */
export function bearerToken(exchange: Exchange): string | undefined | Verdict {
  const { headers } = exchange
  let value: string | undefined
  for (let i = 0; i < headers.length; i += 2) {
    if (!isField(headers[i]!, 'authorization')) continue
    if (value !== undefined) return severalTokens
    value = headers[i + 1]!
  }
  if (value === undefined || !isBearer(value)) return undefined
  const token = tokenForm.exec(value.slice(6))?.[1]
  if (token === undefined) return malformed
  return exchange.query !== '' && inQuery.read(exchange) !== undefined ? severalTokens : token
}

/** Removes `Authorization: Bearer …`, in every field that is one. */
export function removeBearer(exchange: Exchange): void {
  const { headers } = exchange
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (!isField(headers[i]!, 'authorization') || !isBearer(headers[i + 1]!)) continue
    if (exchange.headers === headers) exchange.headers = headers.slice()
    exchange.headers.splice(i, 2)
  }
}

/** RFC 9110 §11.1: the scheme's name in any case, ended by whatever is no part of a name. */
function isBearer(value: string): boolean {
  return /^bearer(?![!#$%&'*+.^_`|~0-9A-Za-z-])/i.test(value)
}

/** A verdict on a token that is wrong (RFC 6750 §3.1 `invalid_token`). */
export function invalidToken(reason: string, description: string): Verdict {
  return { outcome: 'invalid', reason, error: { code: 'invalid_token', description } }
}

/** RFC 6750 §3: no error code where no token was given, `insufficient_scope` where a good one grants too little. */
export function bearerChallenge(realm: string, { verdict, scopes }: Refusal): string {
  const parts = [`Bearer realm=${quoted(realm)}`]
  const error =
    verdict.outcome === 'invalid'
      ? verdict.error
      : verdict.outcome === 'verified'
        ? { code: 'insufficient_scope', description: 'The access token grants too little' }
        : undefined
  if (error !== undefined) {
    parts.push(`error=${quoted(error.code)}`)
    if (error.description !== undefined) parts.push(`error_description=${quoted(error.description)}`)
  }
  if (scopes.length > 0) parts.push(`scope=${quoted(scopes.join(' '))}`)
  return parts.join(', ')
}
