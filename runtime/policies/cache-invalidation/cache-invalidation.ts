import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { fieldValue } from '../../core/headers.ts'
import type { Policy } from '../../core/policy.ts'
import { fillTemplate, type Template } from '../../core/template.ts'

/** What of the response store this policy needs. */
export interface Invalidated {
  /** Forgets every answer of these paths, whatever their query, and keeps none that is on its way. */
  forget(change: {
    readonly secure: boolean
    readonly host: string
    readonly paths: readonly string[]
    readonly operations?: readonly string[]
    readonly tags?: readonly string[]
  }): unknown
}

export interface InvalidationOptions {
  readonly store: Invalidated
  /** Operations all of whose answers are forgotten as well. */
  readonly operations?: readonly string[]
  /** Tags whose answers are. */
  readonly tags?: readonly Template[]
}

/**
 * RFC 9111 §4.4: after a successful unsafe request, what is stored of "the target URI" and, of the same origin only, of "the
 * URIs in the Location and Content-Location" is forgotten, before the client learns of the success. Answers with another
 * query go as well: a changed order is changed in every representation of it. So does what the document says.
 */
export function cacheInvalidation({ store, operations, tags }: InvalidationOptions): Policy {
  return (next) => async (exchange) => {
    const answer = await next(exchange)
    const paths = changedPaths(exchange, answer)
    if (paths.length === 0) return answer
    const { secure, host } = exchange
    const filled = tags?.map((tag) => fillTemplate(tag, exchange)).filter((tag) => tag !== undefined)
    await store.forget({
      secure,
      host,
      paths,
      ...(operations === undefined ? {} : { operations }),
      ...(filled === undefined ? {} : { tags: filled }),
    })
    return answer
  }
}

function changedPaths(exchange: Exchange, { status, headers }: Answer): string[] {
  // "A non-error response is one with a 2xx (Successful) or 3xx (Redirection) status code."
  if (status < 200 || status >= 400) return []
  const others = ['location', 'content-location'].map((name) => sameOriginPath(fieldValue(headers, name), exchange))
  const paths = [exchange.path, plainPath(exchange.path), ...others.filter((path) => path !== undefined)]
  return [...new Set(paths)]
}

/** The path in its plain spelling (RFC 3986 §6.2.2.2): `/orders/%37` changes what is stored as `/orders/7`. */
function plainPath(path: string): string {
  if (!path.includes('%')) return path
  return path.replace(/%(?:2d|2e|5f|7e|3\d|[46][1-9a-f]|[57][0-9a])/gi, (encoded) => decodeURIComponent(encoded))
}

/** "A cache MUST NOT invalidate … if the origin of the URI … differs from that of the target URI." */
function sameOriginPath(value: string | undefined, { secure, host, path }: Exchange): string | undefined {
  const base = `${secure ? 'https' : 'http'}://${host}${path}`
  if (value === undefined || !URL.canParse(value, base)) return undefined
  const url = new URL(value, base)
  return url.origin === new URL(base).origin ? url.pathname : undefined
}
