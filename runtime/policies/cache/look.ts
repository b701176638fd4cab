import type { Exchange } from '../../core/exchange.ts'
import type { Bucket, Entry } from './bucket.ts'
import type { CacheStore } from './cache-store.ts'
import type { Caller, ConsumerKey } from './caller.ts'
import type { Asked } from './request.ts'
import { select } from './select.ts'
import { selectingKey } from './vary.ts'

/** A request as the cache sees it: what is asked for, by whom, on which conditions. */
export interface Look {
  readonly exchange: Exchange
  readonly asked: Asked
  readonly caller: Caller
  /** The target without its query. */
  readonly resource: string
  /** The canonical query, and the fields that are part of the key. */
  readonly query: string
}

/** What is stored for it now, fresh or not. */
export function selected(store: CacheStore, look: Look): Entry | undefined {
  const bucket = store.find(look.resource, look.query)
  return bucket === undefined ? undefined : select(bucket, look.exchange.headers, look.caller.audiences)
}

/**
 * The name under which requests wait for each other, or undefined where this one goes alone: its answer could be for its
 * client only, or it asks for something that others cannot use.
 */
export function flightName(
  look: Look,
  bucket: Bucket | undefined,
  entry: Entry | undefined,
  consumerKey: ConsumerKey,
  now: number,
): string | undefined {
  const { asked, caller, exchange } = look
  if (exchange.method === 'HEAD') return undefined
  if ((bucket?.marker?.until ?? 0) > now) return undefined
  // Without a validator of our own the client's conditions and range go on to the upstream.
  const isPartial = asked.range !== undefined || asked.ifNoneMatch !== undefined || asked.ifModifiedSince !== undefined
  if (isPartial && entry?.response.etag === undefined && entry?.response.lastModified === undefined) return undefined
  const isShared = consumerKey !== 'always' && bucket?.hasShared === true
  const audience = isShared ? '' : caller.own
  if (audience === undefined || (asked.hasCookies && !isShared)) return undefined
  let name = audience
  for (const group of bucket?.groups ?? [])
    name += `\n${group.names.join()}${selectingKey(group.names, exchange.headers)}`
  return name
}
