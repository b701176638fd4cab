/** Names, of query parameters or fields, whose values never reach the log. */
export interface RedactOptions {
  readonly headers?: readonly string[]
  readonly query?: readonly string[]
}

/** What usually is a secret, whether the document says so or not. */
const secretName = /pass|pwd|secret|token|api[-_]?key|^key$|auth|credential|signature|^sig$|session|^code$|jwt/i

export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/** Lower-case names. */
export function nameSet(names: readonly string[] = []): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()))
}

/** A query with the values of secret parameters replaced; names are compared decoded and without case. */
export function redactQuery(query: string, ...secret: readonly ReadonlySet<string>[]): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals === -1) return pair
      const name = decoded(pair.slice(0, equals)).toLowerCase()
      return isSecretName(name) || secret.some((names) => names.has(name)) ? `${pair.slice(0, equals)}=***` : pair
    })
    .join('&')
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}
