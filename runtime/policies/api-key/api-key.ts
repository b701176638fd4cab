import { hash } from 'node:crypto'
import { absent, ambiguous, quoted, type Verdict, type Verifier } from '../../core/verifier.ts'
import type { ConsumerDirectory } from '../../identity/consumers.ts'
import { keyAccess, twice } from '../../identity/credential.ts'

export interface ApiKeyOptions {
  /** The scheme's name in the document. */
  readonly scheme: string
  readonly in: 'header' | 'query' | 'cookie'
  /** Of the field, the query parameter or the cookie. */
  readonly name: string
  /** What the challenge calls the protected space (RFC 9110 §11.5). */
  readonly realm: string
  readonly consumers: ConsumerDirectory
  /** Whether the upstream gets the key too. */
  readonly forward: boolean
}

/** Characters; a longer key is wrong without being hashed. */
const longestKey = 1024

const empty: Verdict = { outcome: 'invalid', reason: 'empty' }
const unreadable: Verdict = { outcome: 'invalid', reason: 'unreadable' }
const tooLong: Verdict = { outcome: 'invalid', reason: 'too-long' }
const unknown: Verdict = { outcome: 'invalid', reason: 'unknown' }
const expired: Verdict = { outcome: 'invalid', reason: 'expired' }

/**
 * Verifies an API key (OpenAPI's `apiKey` scheme) against the SHA-256 digests of the consumers' keys. What is looked up
 * is the digest of what was presented: a guess cannot be steered towards a digest, so the time a lookup takes says nothing
 * of how near it came, and no comparison of secrets is left that would have to take constant time.
 */
export function apiKey(options: ApiKeyOptions): Verifier {
  const { scheme, in: place, name, realm, consumers, forward } = options
  const access = keyAccess({ in: place, name })
  // There is no registered authentication scheme for API keys; RFC 9110 §11.6.1 still asks for a challenge with a 401.
  const challenge = `ApiKey realm=${quoted(realm)}, in=${quoted(place)}, name=${quoted(name)}`
  return {
    scheme,
    verify(exchange) {
      const key = access.read(exchange)
      if (key === undefined) return absent
      if (key === twice) return ambiguous
      return verdictOn(key, consumers)
    },
    challenge: ({ verdict }) => (verdict.outcome === 'verified' ? undefined : challenge),
    ...(forward ? { forwarded: access, remove: () => {} } : { remove: (exchange) => access.remove(exchange) }),
  }
}

function verdictOn(key: string, consumers: ConsumerDirectory): Verdict {
  if (key === '') return empty
  if (key.length > longestKey) return tooLong
  // Beyond ASCII the bytes of a field and their text are two things; keys have no need of it.
  if (!/^[\x20-\x7e]+$/.test(key)) return unreadable
  // Hexadecimal text: as a Buffer it costs three times as much (204 against 640 ns).
  const known = consumers.byDigest(hash('sha256', key))
  if (known === undefined) return unknown
  return Date.now() < known.expiresAt ? known.verdict : expired
}
