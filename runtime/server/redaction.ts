import { Recall } from '../core/recall.ts'

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

/** How many names are remembered, and how long they may be: clients can invent more. */
const mostNames = 500
const longestName = 64

/** Replaces the values of secret parameters in queries; names are compared decoded and without case. */
export class QueryRedaction {
  readonly #secret: readonly ReadonlySet<string>[]
  /** Whether a name, as it is written, is a secret's. */
  readonly #known = new Map<string, boolean>()
  /** What was left of recent queries. */
  readonly #recent = new Recall<string>()

  /** @param secret lower-case names, beside the usual ones */
  constructor(...secret: readonly ReadonlySet<string>[]) {
    this.#secret = secret
  }

  redact(query: string): string {
    const known = this.#recent.get(query)
    if (known !== undefined) return known
    const redacted = this.#withoutSecrets(query)
    this.#recent.keep(query, redacted)
    return redacted
  }

  #withoutSecrets(query: string): string {
    let redacted = ''
    let copied = 0
    let equals = query.indexOf('=')
    const hasSemicolon = query.includes(';')
    for (let start = 0, end: number; start < query.length && equals !== -1; start = end + 1) {
      end = query.indexOf('&', start)
      if (end === -1) end = query.length
      if (equals < start) equals = query.indexOf('=', start)
      if (equals === -1 || equals > end) continue
      if (!this.#isSecret(query.slice(start, equals))) {
        // What parts pairs by `;` as well (HTML 4 §B.2.2) finds names in what is a value here.
        const found = hasSemicolon ? this.#behindSemicolon(query, start, end) : -1
        if (found === -1) continue
        equals = found
      }
      redacted += `${query.slice(copied, equals)}=***`
      copied = end
    }
    return copied === 0 ? query : redacted + query.slice(copied)
  }

  /** Where the `=` of the first secret is that begins behind a `;`; -1 where there is none. */
  #behindSemicolon(query: string, start: number, end: number): number {
    let at = start
    for (const piece of query.slice(start, end).split(';')) {
      const equals = piece.indexOf('=')
      if (equals > 0 && this.#isSecret(piece.slice(0, equals))) return at + equals
      at += piece.length + 1
    }
    return -1
  }

  #isSecret(written: string): boolean {
    let isSecret = this.#known.get(written)
    if (isSecret === undefined) {
      const name = decoded(written).toLowerCase()
      isSecret = isSecretName(name) || this.#secret.some((names) => names.has(name))
      if (this.#known.size < mostNames && written.length <= longestName) this.#known.set(written, isSecret)
    }
    return isSecret
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}
