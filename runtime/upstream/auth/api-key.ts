import type { Fields } from '../../core/headers.ts'
import { isField } from '../../core/headers.ts'
import { keyAccess } from '../../identity/credential.ts'
import { keyFault } from './authorization.ts'
import type { Outgoing, UpstreamAuth } from './upstream-credential.ts'
import { withCredential } from './with-credential.ts'
import { withholdKey } from './withhold.ts'

export interface ApiKeyOptions {
  readonly in: 'header' | 'query' | 'cookie'
  /** Of the field, the query parameter or the cookie. */
  readonly name: string
  /** The key. A secret. */
  readonly value: string
}

/** A key in a field, in the query or in a cookie; what the caller sent there is taken out. */
export function apiKey({ in: place, name, value }: ApiKeyOptions): UpstreamAuth {
  const access = keyAccess({ in: place, name })
  const pair = new URLSearchParams([[name, value]]).toString()
  return withCredential({
    fault: keyFault(place, value),
    withhold: withholdKey({ in: place, name }, access, pair),
    present(outgoing) {
      access.remove(outgoing)
      if (place === 'header') outgoing.headers = [...outgoing.headers, name, value]
      else if (place === 'query') outgoing.query = outgoing.query === '' ? pair : `${outgoing.query}&${pair}`
      else outgoing.headers = withCookie(outgoing, `${name}=${value}`)
    },
  })
}

/** RFC 6265 §5.4: one `Cookie` field, so the pair joins those that are there. */
function withCookie({ headers }: Outgoing, pair: string): Fields {
  const at = headers.findIndex((name, index) => index % 2 === 0 && isField(name, 'cookie'))
  if (at < 0) return [...headers, 'Cookie', pair]
  const joined = headers.slice()
  joined[at + 1] = `${headers[at + 1]}; ${pair}`
  return joined
}
