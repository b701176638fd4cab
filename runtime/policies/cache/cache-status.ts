/** This cache in `Cache-Status` (RFC 9211). */
const name = 'specgate'

/** Why a request went on to the upstream (RFC 9211 §2.2). */
export type Forwarded = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'request' | 'stale'

/** The member for an answer from the store. @param left seconds of freshness; negative where it is stale */
export function hitStatus(left: number, detail?: string): string {
  const text = `${name}; hit; ttl=${Math.floor(left)}`
  return detail === undefined ? text : `${text}; detail=${detail}`
}

/** The member for an answer of the upstream. */
export function forwardedStatus(
  forwarded: Forwarded,
  status?: number,
  more: { readonly stored?: boolean; readonly collapsed?: boolean; readonly detail?: string | undefined } = {},
): string {
  let text = `${name}; fwd=${forwarded}`
  if (status !== undefined) text += `; fwd-status=${status}`
  if (more.stored === true) text += '; stored'
  if (more.collapsed === true) text += '; collapsed'
  return more.detail === undefined ? text : `${text}; detail=${more.detail}`
}
