/** An access token; times are of the clock it was read with, in milliseconds. */
export interface Token {
  readonly value: string
  readonly fetchedAt: number
  /** From when on a new one is asked for, while this one is still used. */
  readonly renewAt: number
  /** From when on it is not used any more: shortly before it ends, so that none ends on its way. */
  readonly endsAt: number
  /** Fetched because another was refused. */
  readonly isReplacement: boolean
}

const second = 1000
/** Where the server does not say how long a token lasts (RFC 6749 §5.1), and the most that is believed. */
const lifetime = { usual: 300 * second, most: 86_400 * second }
/** At most so long before its end, or this share of its life. */
const ahead = { most: 300 * second, share: 0.2 }
const margin = { most: 5 * second, share: 0.1 }

/**
 * Reads a token response (RFC 6749 §5.1).
 * @param askedAt when it was asked for
 * @throws Error with a sentence that holds nothing of the answer
 */
export function readToken(value: unknown, askedAt: number, isReplacement: boolean): Token {
  if (typeof value !== 'object' || value === null) throw new Error('the token endpoint does not answer with an object')
  const { access_token: token, token_type: type = 'bearer', expires_in: seconds } = value as Record<string, unknown>
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(token)) {
    throw new Error('the token endpoint answers without a usable "access_token"')
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw new Error('the token endpoint gives tokens of another type than Bearer')
  }
  const life = lifetimeOf(seconds)
  const end = askedAt + life
  return {
    value: token,
    fetchedAt: askedAt,
    renewAt: end - Math.min(life * ahead.share, ahead.most),
    endsAt: end - Math.min(life * margin.share, margin.most),
    isReplacement,
  }
}

/** Some servers give the seconds as text. */
function lifetimeOf(seconds: unknown): number {
  if (seconds === undefined || seconds === null) return lifetime.usual
  const number = typeof seconds === 'string' && /^\d{1,12}$/.test(seconds) ? Number(seconds) : seconds
  if (typeof number !== 'number' || !(number >= 0))
    throw new Error('the token endpoint answers with a bad "expires_in"')
  return Math.min(number * second, lifetime.most)
}
