import { hash, randomBytes } from 'node:crypto'
import type { Exchange } from '../../core/exchange.ts'
import { isField } from '../../core/headers.ts'
import { absent, ambiguous, quoted, type Verdict, type Verifier } from '../../core/verifier.ts'
import type { ConsumerDirectory, KnownPassword } from '../../identity/consumers.ts'
import { isPassword, type PasswordHash, usualCost } from '../../identity/password-hash.ts'
import { VerdictCache } from '../../identity/verdict-cache.ts'
import { WorkQueue } from '../../identity/work-queue.ts'

export interface BasicOptions {
  /** The scheme's name in the document. */
  readonly scheme: string
  readonly realm: string
  readonly consumers: ConsumerDirectory
}

/** Characters of the field; longer ones are wrong without being looked at. */
const longest = 1024
/** How long a password that was right is believed without another look, in milliseconds. */
const believed = 5 * 60_000
/** Looks at a time, and those waiting: each takes 32 MiB and a thread of the pool for a moment. */
const looks = { atOnce: 2, waiting: 64 }

const unreadable: Verdict = { outcome: 'invalid', reason: 'unreadable' }
const unknown: Verdict = { outcome: 'invalid', reason: 'unknown' }
const expired: Verdict = { outcome: 'invalid', reason: 'expired' }

/**
 * Verifies a user and password (RFC 7617) against the scrypt hashes of the consumers file; the user is the consumer's id.
 * A user nobody knows takes as long as one with a wrong password.
 */
export function basic({ scheme, realm, consumers }: BasicOptions): Verifier {
  const challenge = `Basic realm=${quoted(realm)}, charset="UTF-8"`
  const queue = new WorkQueue(looks.atOnce, looks.waiting)
  const verified = new VerdictCache<KnownPassword>()
  const underway = new Map<string, Promise<Verdict>>()
  // What is remembered says nothing to who reads the memory of another process, or this one's later.
  const pepper = randomBytes(32).toString('latin1')
  const nobody: PasswordHash = { ...usualCost, salt: randomBytes(16), hash: randomBytes(32) }

  return {
    scheme,
    verify(exchange) {
      const given = credentialOf(exchange)
      if (typeof given !== 'string') return given
      const text = decoded(given)
      const colon = text?.indexOf(':') ?? -1
      if (text === undefined || colon < 0) return unreadable
      const user = text.slice(0, colon)
      const digest = hash('sha256', pepper + text)
      const now = Date.now()
      const known = verified.get(digest, now)
      if (known !== undefined && consumers.passwordsOf(user).includes(known.evidence)) return known.verdict
      let look = underway.get(digest)
      if (look === undefined) {
        look = queue.run(() => verdictOn(user, text.slice(colon + 1), digest)).finally(() => underway.delete(digest))
        underway.set(digest, look)
      }
      return look
    },
    challenge: ({ verdict }) => (verdict.outcome === 'verified' ? undefined : challenge),
    remove,
  }

  async function verdictOn(user: string, password: string, digest: string): Promise<Verdict> {
    const listed = consumers.passwordsOf(user)
    if (listed.length === 0) {
      await isPassword(password, nobody)
      return unknown
    }
    for (const one of listed) {
      if (!(await isPassword(password, one.hash))) continue
      const now = Date.now()
      if (now >= one.expiresAt) return expired
      verified.set(digest, { verdict: one.verdict, until: Math.min(one.expiresAt, now + believed), evidence: one })
      return one.verdict
    }
    return unknown
  }
}

/** The credentials of the Basic scheme, still encoded; or the verdict where there are none, or several. */
function credentialOf({ headers }: Exchange): string | Verdict {
  let value: string | undefined
  for (let i = 0; i < headers.length; i += 2) {
    if (!isField(headers[i]!, 'authorization')) continue
    if (value !== undefined) return ambiguous
    value = headers[i + 1]!
  }
  if (value === undefined || !isBasic(value)) return absent
  return value.length > longest ? unreadable : value.slice(5).trim()
}

function isBasic(value: string): boolean {
  return /^basic(?![!#$%&'*+.^_`|~0-9A-Za-z-])/i.test(value)
}

/** Strictly: one way to write each user and password, in UTF-8 without control characters (RFC 7617 §2). */
function decoded(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) return undefined
  const plain = bytes.toString('utf8')
  return plain.includes('\ufffd') || /[\x00-\x1f\x7f]/.test(plain) ? undefined : plain
}

function remove(exchange: Exchange): void {
  const { headers } = exchange
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (!isField(headers[i]!, 'authorization') || !isBasic(headers[i + 1]!)) continue
    if (exchange.headers === headers) exchange.headers = headers.slice()
    exchange.headers.splice(i, 2)
  }
}
