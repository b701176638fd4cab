import { fieldValue } from '../../core/headers.ts'
import { type Notice, printNotice } from '../../core/notice.ts'
import { type Rejection, reject } from '../../core/rejection.ts'
import { checkIssuerUrl, FetchError, fetchJson } from '../../identity/fetch-json.ts'
import { setAuthorization } from './authorization.ts'
import { readToken, type Token } from './token-answer.ts'
import type { Outgoing, UpstreamAuth, UpstreamCredential } from './upstream-credential.ts'
import { withCredential } from './with-credential.ts'

export interface ClientCredentialsOptions {
  /** Of the authorization server (RFC 6749 §3.2). */
  readonly tokenUrl: string
  readonly clientId: string
  /** A secret. */
  readonly clientSecret: string
  readonly scopes?: readonly string[]
  /** Who the token is for, where the server asks for it. */
  readonly audience?: string
  /** RFC 8707. */
  readonly resource?: string
  /** How the client shows who it is (RFC 6749 §2.3.1): `header` is HTTP Basic. */
  readonly credentialsIn?: 'header' | 'body'
}

/** For tests: time, and who is told. Milliseconds. */
export interface ClientCredentialsSurroundings {
  readonly now?: () => number
  readonly notice?: (notice: Notice) => void
}

const second = 1000
/** After a failure; doubled with each further one. */
const retry = { first: second, most: 30 * second }
/** A token that was fetched because its predecessor was refused, and is refused too, is not replaced sooner. */
const refusedAgain = 30 * second

/**
 * A token for the upstream by the client credentials grant (RFC 6749 §4.4). It is fetched when the first request needs it,
 * by one question however many wait; kept until shortly before its end; and renewed beside requests before that. One that
 * the upstream refuses is replaced. Without one, requests are 503 (the server cannot be reached) or 502 (it says no).
 */
export function clientCredentials(
  options: ClientCredentialsOptions,
  surroundings: ClientCredentialsSurroundings = {},
): UpstreamAuth {
  return withCredential(new ClientCredentials(options, surroundings))
}

class ClientCredentials implements UpstreamCredential {
  readonly fault: string | undefined
  readonly #options: ClientCredentialsOptions
  readonly #now: () => number
  readonly #notice: (notice: Notice) => void
  #token: Token | undefined
  #underway: Promise<Token> | undefined
  #failures = 0
  #retryAt = Number.NEGATIVE_INFINITY
  #isRefusal = false

  constructor(
    options: ClientCredentialsOptions,
    { now = () => performance.now(), notice = printNotice }: ClientCredentialsSurroundings,
  ) {
    this.fault = faultOf(options)
    this.#options = options
    this.#now = now
    this.#notice = notice
  }

  present(outgoing: Outgoing): void | Promise<void> {
    const token = this.#token
    const now = this.#now()
    if (token === undefined || now >= token.endsAt) {
      return this.#fetch(false).then(({ value }) => setAuthorization(outgoing, `Bearer ${value}`))
    }
    // Ahead of its end, and nobody waits for it.
    if (now >= token.renewAt && now >= this.#retryAt) this.#fetch(false).catch(() => {})
    setAuthorization(outgoing, `Bearer ${token.value}`)
  }

  async refused(outgoing: Outgoing): Promise<boolean> {
    const token = this.#token
    // Another request was refused before, and there is a new one by now.
    if (token === undefined || fieldValue(outgoing.headers, 'authorization') !== `Bearer ${token.value}`) return true
    if (token.isReplacement && this.#now() - token.fetchedAt < refusedAgain) return false
    return this.#fetch(true).then(
      () => true,
      () => false,
    )
  }

  /** One question at a time; whoever needs the answer meanwhile waits for the same one. */
  #fetch(isReplacement: boolean): Promise<Token> {
    this.#underway ??= this.#ask(isReplacement).finally(() => {
      this.#underway = undefined
    })
    return this.#underway
  }

  async #ask(isReplacement: boolean): Promise<Token> {
    const now = this.#now()
    if (now < this.#retryAt) throw this.#unavailable()
    try {
      const { value } = await fetchJson(this.#options.tokenUrl, requestOf(this.#options))
      // Counted from the question: the server counted from before its answer arrived.
      const token = readToken(value, now, isReplacement)
      if (this.#failures > 0) this.#notice({ level: 'info', message: `${this.#options.tokenUrl} gives tokens again` })
      this.#token = token
      this.#failures = 0
      return token
    } catch (error) {
      this.#retryAt = this.#now() + Math.min(retry.first * 2 ** this.#failures++, retry.most)
      this.#isRefusal = !(error instanceof FetchError && error.isAway)
      if (this.#failures === 1) {
        this.#notice({ level: 'error', message: `no token for the upstream can be had: ${(error as Error).message}` })
      }
      throw this.#unavailable(error)
    }
  }

  #unavailable(cause?: unknown): Rejection {
    const wait = Math.max(1, Math.ceil((this.#retryAt - this.#now()) / second))
    return reject(this.#isRefusal ? 'upstream-unreachable' : 'service-unavailable', {
      detail: 'The upstream cannot be called at the moment.',
      headers: ['Retry-After', String(wait)],
      cause: cause ?? `no token from ${this.#options.tokenUrl}`,
    })
  }
}

function faultOf({ tokenUrl, clientId, clientSecret }: ClientCredentialsOptions): string | undefined {
  try {
    checkIssuerUrl(tokenUrl)
  } catch (error) {
    return `its token endpoint: ${(error as Error).message}`
  }
  return clientId === '' || clientSecret === '' ? 'the client of its credentials has no id or no secret' : undefined
}

function requestOf(options: ClientCredentialsOptions) {
  const { clientId, clientSecret, scopes = [], audience, resource, credentialsIn = 'header' } = options
  const isBasic = credentialsIn === 'header'
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    ...(audience === undefined ? {} : { audience }),
    ...(resource === undefined ? {} : { resource }),
    ...(isBasic ? {} : { client_id: clientId, client_secret: clientSecret }),
  })
  const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(isBasic ? { authorization: `Basic ${basic}` } : {}),
    },
    body: form.toString(),
  } as const
}

/** RFC 6749 §2.3.1: a client's id and secret are form-encoded before they meet a colon. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
