import type { Consumer } from '../core/consumer.ts'
import type { Exchange } from '../core/exchange.ts'
import { combinedField, withField, withoutField } from '../core/headers.ts'
import { reject } from '../core/rejection.ts'

/** A request as a user's hook sees it: it has passed identity, limits and validation. `Body` is its JSON body's type. */
export class HookRequest<Body = unknown> {
  readonly #exchange: Exchange

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  get operationId(): string {
    return this.#exchange.operation.id
  }

  get method(): string {
    return this.#exchange.method
  }

  /** As received, percent-encoded. */
  get path(): string {
    return this.#exchange.path
  }

  /** Without `?`; what a hook assigns is what is forwarded. */
  get query(): string {
    return this.#exchange.query
  }

  set query(query: string) {
    this.#exchange.query = query
  }

  get consumer(): Consumer | undefined {
    return this.#exchange.consumer
  }

  get address(): string {
    return this.#exchange.address
  }

  get requestId(): string {
    return this.#exchange.requestId
  }

  /** The decoded value of a path variable; undefined where the path has none of that name. */
  pathValue(name: string): string | undefined {
    const names = [...this.#exchange.operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, variable]) => variable)
    const value = this.#exchange.pathValues[names.indexOf(name)]
    return value === undefined ? undefined : decodeURIComponent(value)
  }

  /** A field's value; several fields of one name are joined by `, ` (RFC 9110 §5.2). */
  header(name: string): string | undefined {
    return combinedField(this.#exchange.headers, name.toLowerCase())
  }

  setHeader(name: string, value: string): void {
    this.#exchange.headers = withField(this.#exchange.headers, checkedName(name), checkedValue(value))
  }

  removeHeader(name: string): void {
    this.#exchange.headers = withoutField(this.#exchange.headers, name.toLowerCase())
  }

  /** The body, parsed. @throws Rejection 400 where it is no JSON */
  async json(): Promise<Body> {
    const bytes = await this.#exchange.body.bytes()
    try {
      return JSON.parse(bytes.toString('utf8')) as Body
    } catch (cause) {
      throw reject('bad-request', { detail: 'The body is not valid JSON.', cause })
    }
  }

  /** Forwards this JSON value instead of the body that arrived. */
  replaceJson(value: Body): void {
    this.#exchange.body.buffered = Buffer.from(JSON.stringify(value))
    if (this.header('content-type') === undefined) this.setHeader('Content-Type', 'application/json')
  }
}

/** A field name (RFC 9110 §5.1). A hook that makes an impossible one has a bug, and must hear of it. */
export function checkedName(name: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new TypeError(`not a field name: ${JSON.stringify(name)}`)
  return name
}

/** A field value (RFC 9110 §5.5): no line ends, no NUL. */
export function checkedValue(value: string): string {
  if (/[\0\r\n]/.test(value)) throw new TypeError('a field value cannot hold a line end')
  return value
}
