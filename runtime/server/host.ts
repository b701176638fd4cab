import { reject } from '../core/rejection.ts'

/** `host[:port]` of RFC 9110 §7.2: a name, an IPv4 address or a bracketed IPv6 address; no user, no path, no list. */
const authority = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9\-._]*)|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/

/**
 * The authority the client asked for.
 * @param form the authority of an absolute-form target; it outranks `Host` (RFC 9112 §3.2.2)
 * @throws Rejection 400 where it is missing (HTTP/1.1), empty or not an authority
 */
export function checkHost(host: string | undefined, form: string | undefined, httpVersion: string): string {
  if (host === undefined) {
    if (httpVersion !== '1.0') throw reject('bad-request', { detail: 'The Host field is missing.' })
  } else if (!authority.test(host)) {
    throw reject('bad-request', { detail: 'The Host field is not a host and port.' })
  }
  if (form === undefined) return host ?? ''
  if (!authority.test(form)) throw reject('bad-request', { detail: 'The request target names no host and port.' })
  return form
}
