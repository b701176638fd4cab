import type { Consumer } from '../../core/consumer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { everybody } from './bucket.ts'
import type { Asked } from './request.ts'

/** Whose answers may be mixed: `auto`: by consumer unless the answer allows sharing; `always`: by consumer; `never`: only what may be shared is kept. */
export type ConsumerKey = 'auto' | 'always' | 'never'

/** Who asks, as far as the store is concerned. */
export interface Caller {
  /** The request came with credentials, whether the proxy verified and took them off or not. */
  readonly isAuthenticated: boolean
  /** Whose responses it may be given. */
  readonly audiences: readonly string[]
  /** The audience of its own answers that are for nobody else; undefined: such answers are not kept. */
  readonly own: string | undefined
}

const anybody: Caller = { isAuthenticated: false, audiences: [everybody], own: everybody }
/** Whoever says nothing of themselves where others do: theirs are not the answers of those who do. No JSON, so nobody's id. */
const anonymous = 'anonymous'
const silent: Readonly<Record<ConsumerKey, Caller>> = {
  auto: { isAuthenticated: true, audiences: [anonymous, everybody], own: anonymous },
  always: { isAuthenticated: true, audiences: [anonymous], own: anonymous },
  never: { isAuthenticated: true, audiences: [everybody], own: undefined },
}
const unknown: Caller = { isAuthenticated: true, audiences: [everybody], own: undefined }
/** By the consumer object, which a verifier hands out for as long as its key is valid. */
const known = new WeakMap<Consumer, { readonly auto: Caller; readonly always: Caller }>()

/** @param isSecured whether the operation's contract asks for credentials, of whatever kind */
export function callerOf(exchange: Exchange, asked: Asked, isSecured: boolean, key: ConsumerKey): Caller {
  const { consumer } = exchange
  if (consumer === undefined) {
    if (asked.hasAuthorization) return unknown
    if (exchange.isAnonymous) return silent[key]
    return isSecured ? unknown : anybody
  }
  if (key === 'never') return unknown
  let callers = known.get(consumer)
  if (callers === undefined) {
    const own = identity(consumer)
    callers = {
      auto: { isAuthenticated: true, audiences: [own, everybody], own },
      always: { isAuthenticated: true, audiences: [own], own },
    }
    known.set(consumer, callers)
  }
  return callers[key]
}

/** Claims of one token rather than of its owner: a renewed token is the same caller (RFC 7519 §4.1, OpenID Connect Core §2). */
const ofOneToken: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'jti', 'auth_time', 'nonce', 'at_hash', 'c_hash'])

/**
 * What the upstream may have answered by: the same id from two issuers, or with other rights or claims (a tenant, which
 * `identityHeaders` may tell it), is somebody else. As JSON, so that no id can be spelt to look like another.
 */
function identity({ id, plan, roles, scopes, claims }: Consumer): string {
  const lasting = Object.entries(claims).filter(([name]) => !ofOneToken.has(name))
  lasting.sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([id, plan ?? null, [...roles].sort(), [...scopes].sort(), lasting])
}
