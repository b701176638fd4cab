import { fieldValues } from '../../core/headers.ts'
import { absent, ambiguous, present, quoted, type Verdict, type Verifier } from '../../core/verifier.ts'
import { keyAccess, twice } from '../../identity/credential.ts'

export interface PresenceOptions {
  /** The scheme's name in the document. */
  readonly scheme: string
  /** What the challenge calls the protected space (RFC 9110 §11.5). */
  readonly realm: string
  /**
   * What to look for: an API key's place, or the authentication scheme of `Authorization` (lower case: `bearer`).
   * Null where a request shows nothing that could be looked at (mutual TLS without a verifier): it never counts as present.
   */
  readonly credential:
    | { readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
    | { readonly authorization: string }
    | null
}

/**
 * Stands in for a scheme that nothing here can verify: it says whether a credential is there, vouches for nobody, and
 * leaves the credential in the request for the upstream to judge.
 */
export function presence({ scheme, realm, credential }: PresenceOptions): Verifier {
  const keep = (): void => {}
  if (credential === null) {
    const challenge = `ClientCertificate realm=${quoted(realm)}`
    return { scheme, verify: () => absent, challenge: () => challenge, remove: keep }
  }
  if ('authorization' in credential) {
    const { authorization } = credential
    const challenge = `${authorization[0]!.toUpperCase()}${authorization.slice(1)} realm=${quoted(realm)}`
    return {
      scheme,
      verify: ({ headers }) => authorizationVerdict(fieldValues(headers, 'authorization'), authorization),
      challenge: () => challenge,
      remove: keep,
    }
  }
  const access = keyAccess(credential)
  const challenge = `ApiKey realm=${quoted(realm)}, in=${quoted(credential.in)}, name=${quoted(credential.name)}`
  return {
    scheme,
    forwarded: access,
    verify(exchange) {
      const key = access.read(exchange)
      if (key === twice) return ambiguous
      return key === undefined || key === '' ? absent : present
    },
    challenge: () => challenge,
    remove: keep,
  }
}

/** RFC 9110 §11.4: `credentials = auth-scheme [ 1*SP … ]`, the scheme's name in any case. */
function authorizationVerdict(values: readonly string[], wanted: string): Verdict {
  if (values.length > 1) return ambiguous
  const value = values[0] ?? ''
  const named = value.slice(0, wanted.length).toLowerCase() === wanted
  return named && value[wanted.length] === ' ' && value.slice(wanted.length).trim() !== '' ? present : absent
}
