import { withField } from '../../core/headers.ts'
import { isFieldText, type Outgoing, type UpstreamAuth } from './upstream-credential.ts'
import { withCredential } from './with-credential.ts'

/** `Authorization` with the service's own credentials; every one of the caller's is taken out. */
export function setAuthorization(outgoing: Outgoing, value: string): void {
  outgoing.headers = withField(outgoing.headers, 'Authorization', value)
}

export interface BearerOptions {
  /** A secret. */
  readonly token: string
}

/** A token that does not change (RFC 6750 §2.1). */
export function bearer({ token }: BearerOptions): UpstreamAuth {
  const isToken = /^[A-Za-z0-9\-._~+/]+=*$/.test(token)
  return withCredential({
    fault: isToken ? undefined : 'its bearer token is empty or holds characters that no token has',
    present: (outgoing) => setAuthorization(outgoing, `Bearer ${token}`),
  })
}

export interface BasicOptions {
  readonly username: string
  /** A secret. */
  readonly password: string
}

/** User and password (RFC 7617), in UTF-8. */
export function basic({ username, password }: BasicOptions): UpstreamAuth {
  const encoded = Buffer.from(`${username}:${password}`).toString('base64')
  return withCredential({
    fault: basicFault(username, password),
    present: (outgoing) => setAuthorization(outgoing, `Basic ${encoded}`),
  })
}

function basicFault(username: string, password: string): string | undefined {
  if (username.includes(':')) return 'the user name of its credentials holds a colon'
  if (username === '' && password === '') return 'its user name and password are empty'
  return /[\x00-\x1f\x7f]/.test(username + password) ? 'its user name or password holds control characters' : undefined
}

/** Whether a key fits where it is to stand. */
export function keyFault(place: 'header' | 'query' | 'cookie', key: string): string | undefined {
  if (key === '') return 'its key is empty'
  if (place === 'query') return undefined
  // RFC 6265 §4.1.1: a cookie's value has no room for more.
  const fits = place === 'header' ? isFieldText(key) : /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(key)
  return fits ? undefined : `its key holds characters that no ${place} can carry`
}
