import type { Answer } from './answer.ts'
import type { Fields } from './headers.ts'

/** Who may read answers in a browser, and what it may send (Fetch §3.2). */
export interface CorsOptions {
  /** `*`, or origins: exact (`https://app.example`), or with `*` for one label or a port (`https://*.app.example`). */
  readonly origins: readonly string[]
  /** Methods a page may use beside those that need no leave; those of the contract where it is not given. */
  readonly methods?: readonly string[]
  /** Request fields a page may set. */
  readonly headers: readonly string[]
  /** Response fields a page may read beside the usual ones. */
  readonly expose: readonly string[]
  /** Whether pages may send cookies and the like. */
  readonly credentials: boolean
  /** Seconds a browser may remember a preflight. */
  readonly maxAge?: number
}

/** The answers to browsers, put together when the service starts. */
export class Cors {
  readonly #options: CorsOptions
  readonly #exact: ReadonlySet<string>
  readonly #patterns: readonly RegExp[]
  readonly #isOpen: boolean
  readonly #methods: ReadonlySet<string> | undefined
  readonly #headers: ReadonlySet<string>

  constructor(options: CorsOptions) {
    const { origins, methods, headers } = options
    this.#options = options
    this.#isOpen = origins.includes('*')
    this.#exact = new Set(origins)
    this.#patterns = origins.filter((origin) => origin.includes('*') && origin !== '*').map(patternOf)
    this.#methods = methods && new Set(methods)
    this.#headers = new Set(headers.map((name) => name.toLowerCase()))
  }

  /** The fields of an answer to a request with this `Origin`; they say so where another origin would get others. */
  fieldsFor(origin: string | undefined): Fields {
    const fields = this.#grant(origin)
    const { expose } = this.#options
    if (expose.length > 0 && fields.length > 0) fields.push('Access-Control-Expose-Headers', expose.join(', '))
    if (!this.#isOpen) fields.push('Vary', 'Origin')
    return fields
  }

  /** Whether pages of this origin may call. */
  admits(origin: string): boolean {
    return this.#isOpen || this.#allows(origin)
  }

  /** The answer to a preflight for a method that the contract declares. What is not granted is left out: the browser then refuses. */
  preflight(origin: string | undefined, method: string, requested: string | undefined): Answer {
    const { headers, maxAge } = this.#options
    const fields = this.#grant(origin)
    const wanted = (requested ?? '').split(',').map((name) => name.trim().toLowerCase())
    const isGranted =
      fields.length > 0 &&
      (this.#methods?.has(method) ?? true) &&
      wanted.every((name) => name === '' || this.#headers.has(name))
    if (isGranted) {
      fields.push('Access-Control-Allow-Methods', method)
      if (headers.length > 0) fields.push('Access-Control-Allow-Headers', headers.join(', '))
      if (maxAge !== undefined) fields.push('Access-Control-Max-Age', String(maxAge))
    }
    fields.push('Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers')
    return { status: 204, headers: isGranted ? fields : fields.slice(-2), body: null }
  }

  #grant(origin: string | undefined): Fields {
    if (this.#isOpen) return ['Access-Control-Allow-Origin', '*']
    if (origin === undefined || !this.#allows(origin)) return []
    const fields = ['Access-Control-Allow-Origin', origin]
    if (this.#options.credentials) fields.push('Access-Control-Allow-Credentials', 'true')
    return fields
  }

  #allows(origin: string): boolean {
    if (origin.includes('*')) return false
    return this.#exact.has(origin) || this.#patterns.some((pattern) => pattern.test(origin))
  }
}

/** `*` stands for one label of a host, or for a port: never for what could be somebody else's host. */
function patternOf(origin: string): RegExp {
  const escaped = origin.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/:\*$/, ':\\d{1,5}').replaceAll('*', '[a-z0-9-]{1,63}')}$`)
}
