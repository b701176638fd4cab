import type { JsonMembers } from '../../identity/compact-token.ts'
import { bindingOf } from '../../identity/token-binding.ts'

export interface ClaimRules {
  readonly issuer: string
  /** One of them must be an audience of the token. */
  readonly audience: readonly string[]
  /** Seconds that clocks may differ. */
  readonly clockSkew: number
  /** Claims that must be there, whatever they say. */
  readonly require: readonly string[]
  /** The one `typ` a token may have; without it whatever access tokens usually say. */
  readonly type?: string
}

/** Why a token is not for this service, now. */
export type ClaimFault =
  | 'type'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not-yet-valid'
  | 'issued-in-future'
  | 'claims'
  | 'bound'

/** RFC 9068 §2.2. */
const accessTokenClaims = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']

/** RFC 8725 §3.8 to §3.12, RFC 9068 §4. @param now seconds since the epoch */
export function judgeClaims(
  header: JsonMembers,
  claims: JsonMembers,
  rules: ClaimRules,
  now: number,
): ClaimFault | undefined {
  const type = typeOf(header['typ'])
  if (type === undefined || !isType(type, rules.type)) return 'type'
  const { iss, aud, sub, exp, nbf, iat, jti } = claims
  if (iss !== rules.issuer) return 'issuer'
  const audiences = typeof aud === 'string' ? [aud] : aud
  if (!Array.isArray(audiences) || !audiences.every((one) => typeof one === 'string')) return 'audience'
  if (!audiences.some((one) => rules.audience.includes(one))) return 'audience'
  if (![exp, nbf, iat].every((time) => time === undefined || isTime(time))) return 'claims'
  if (![sub, jti].every((text) => text === undefined || typeof text === 'string')) return 'claims'
  const wanted = isAccessToken(rules.type) ? [...accessTokenClaims, ...rules.require] : rules.require
  if (exp === undefined || !wanted.every((name) => Object.hasOwn(claims, name))) return 'claims'
  if (now >= (exp as number) + rules.clockSkew) return 'expired'
  if (nbf !== undefined && now + rules.clockSkew < (nbf as number)) return 'not-yet-valid'
  if (iat !== undefined && now + rules.clockSkew < (iat as number)) return 'issued-in-future'
  // RFC 9449 §6: who presents it must prove to hold a key, and nothing here would notice a thief. Certificates are looked at later.
  return bindingOf(claims).to === 'unknown' ? 'bound' : undefined
}

/** RFC 7515 §4.1.9: in any case, `application/` may be left out. '' where there is none. */
function typeOf(typ: unknown): string | undefined {
  if (typ === undefined) return ''
  return typeof typ === 'string' ? bare(typ) : undefined
}

function bare(type: string): string {
  return type.toLowerCase().replace(/^application\//, '')
}

/** RFC 8725 §3.11: a token that says it is of another sort (a logout token, a DPoP proof) is one. */
function isType(type: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return type === '' || type === 'jwt' || type === 'at+jwt'
  return type === bare(wanted)
}

function isAccessToken(type: string | undefined): boolean {
  return type !== undefined && bare(type) === 'at+jwt'
}

/** RFC 7519 §2: NumericDate; not text, and nothing that is beyond all time. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < 1e12
}
