export interface FetchedJson {
  readonly value: unknown
  /** Seconds the sender says it stays fresh (RFC 9111 §5.2.2.1), where it says so. */
  readonly maxAge: number | undefined
}

export interface FetchJsonOptions {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds for all of it. */
  readonly timeoutMs?: number
}

/** Bytes: no metadata, key set or introspection answer is longer. */
const longest = 256 * 1024

/** Why there is no answer to use; the message names the address and what went wrong. */
export class FetchError extends Error {
  /** Whether nobody is there, or nobody who can answer now: asking later may help. */
  readonly isAway: boolean

  constructor(url: string, cause: unknown) {
    super(`${url}: ${reasonOf(cause)}`, { cause })
    this.isAway = cause instanceof StatusError ? cause.status >= 500 || cause.status === 429 : isTransport(cause)
  }
}

class StatusError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`it answers ${status}`)
    this.status = status
  }
}

/**
 * Asks an issuer something. Redirects are not followed: the address was chosen by the author, not by who answers there.
 * @throws FetchError
 */
export async function fetchJson(url: string, options: FetchJsonOptions = {}): Promise<FetchedJson> {
  const { timeoutMs = 5_000, ...init } = options
  checkIssuerUrl(url)
  try {
    const answer = await fetch(url, {
      ...init,
      headers: { accept: 'application/json', ...init.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (answer.status !== 200) {
      await answer.body?.cancel()
      throw new StatusError(answer.status)
    }
    const value: unknown = JSON.parse(await limitedText(answer))
    const maxAge = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(answer.headers.get('cache-control') ?? '')?.[1]
    return { value, maxAge: maxAge === undefined ? undefined : Number(maxAge) }
  } catch (error) {
    throw new FetchError(url, error)
  }
}

/** Keys that came over an open line are anybody's keys: https, or this machine. @throws Error */
export function checkIssuerUrl(url: string): void {
  if (!URL.canParse(url)) throw new Error(`${JSON.stringify(url)} is no URL`)
  const { protocol, hostname, username } = new URL(url)
  const isLocal = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  if (username !== '') throw new Error('the address of an issuer holds no credentials')
  if (protocol !== 'https:' && !(protocol === 'http:' && isLocal)) {
    throw new Error(`${url} must begin with https:// (http:// is for this machine only)`)
  }
}

async function limitedText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.length
    if (size > longest) throw new Error(`its answer is longer than ${longest} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size).toString('utf8')
}

/** Timeouts, and what `fetch` says of connections (TypeError). */
function isTransport(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error instanceof TypeError)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  if (error instanceof SyntaxError) return 'its answer is no JSON'
  const { cause } = error
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message
}
