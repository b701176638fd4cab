import { reject } from '../core/rejection.ts'

/** `host[:port]` of RFC 9110 §7.2: a name, an IPv4 address or a bracketed IPv6 address; no user, no path, no list. */
const authority = /^(?:[A-Za-z0-9_][A-Za-z0-9\-._]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/

export function isAuthority(text: string): boolean {
  return authority.test(text)
}

/**
 * The authority the client asked for.
 * @param form the authority of an absolute-form target; it outranks `Host` (RFC 9112 §3.2.2)
 * @throws Rejection 400 where it is missing (HTTP/1.1), empty or not an authority
 */
export function checkHost(host: string | undefined, form: string | undefined, isHttp10: boolean): string {
  if (host === undefined) {
    if (!isHttp10) throw reject('bad-request', { detail: 'The Host field is missing.' })
  } else if (!isAuthority(host)) {
    throw reject('bad-request', { detail: 'The Host field is not a host and port.' })
  }
  if (form === undefined) return host ?? ''
  if (!isAuthority(form)) throw reject('bad-request', { detail: 'The request target names no host and port.' })
  return form
}
