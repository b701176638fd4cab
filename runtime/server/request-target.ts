import { reject } from '../core/rejection.ts'
import type { Match } from './router.ts'

/** A request target taken apart; nothing is decoded. */
export interface RequestTarget {
  readonly path: string
  /** Without `?`. */
  readonly query: string
  /** The authority of an absolute-form target; it outranks `Host` (RFC 9112 §3.2.2). */
  readonly authority: string | undefined
  /** Where it led with a method; kept with targets that are remembered. */
  found: { readonly method: string; readonly match: Match } | undefined
}

/**
 * All that most paths need: the characters of RFC 3986 §3.3 without escapes, and nothing that looks like a dot segment. Of an
 * empty segment the router decides: only a path that is declared with one may have it.
 */
const plainPath = /^(?:\/(?!\.)[A-Za-z0-9\-._~!$&'()*+,;=:@]*)+$/

/**
 * @throws Rejection 400 for a target that two parsers could read differently: dot segments, encoded slashes and backslashes,
 * broken escapes, fragments, and characters no URI may hold
 */
export function parseTarget(target: string): RequestTarget {
  let rest = target
  let authority: string | undefined
  if (target.charCodeAt(0) !== 0x2f) {
    const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target)
    if (absolute === null)
      throw reject('bad-request', { detail: 'The request target is neither a path nor an absolute URI.' })
    authority = absolute[1]!
    rest = absolute[2]!
    // RFC 9112 §3.2.1: an empty path is sent as "/".
    if (rest === '' || rest[0] === '?') rest = `/${rest}`
  }
  const mark = rest.indexOf('?')
  const path = mark === -1 ? rest : rest.slice(0, mark)
  const query = mark === -1 ? '' : rest.slice(mark + 1)
  if (!plainPath.test(path)) checkPath(path)
  if (/[^\x21-\x7e]|[#\\"<>]/.test(query))
    throw reject('bad-request', { detail: 'The query holds characters that must be percent-encoded.' })
  return { path, query, authority, found: undefined }
}

function checkPath(path: string): void {
  if (/[^\x21-\x7e]|[#\\"<>^`{}]/.test(path)) {
    throw reject('bad-request', { detail: 'The path holds characters that must be percent-encoded.' })
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(path))
    throw reject('bad-request', { detail: 'The path holds a broken percent-encoding.' })
  if (/%(?:2f|5c|00)/i.test(path)) {
    throw reject('bad-request', { detail: 'The path holds an encoded slash, backslash or NUL.' })
  }
  for (const segment of path.split('/')) {
    // RFC 3986 §5.2.4; parameters after the dots (`..;x`) are dots to some servers.
    const dots = segment.replace(/%2e/gi, '.').replace(/;.*$/, '')
    if (dots === '.' || dots === '..') throw reject('bad-request', { detail: 'The path holds a dot segment.' })
  }
}
