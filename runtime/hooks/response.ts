import { type Answer, readAnswer } from '../core/answer.ts'
import { combinedField, withField, withoutField, withoutFields } from '../core/headers.ts'
import { reject } from '../core/rejection.ts'
import { checkedName, checkedValue } from './request.ts'

/** Bytes a hook may read of an answer; more is a 502. */
const bodyLimit = 16 * 1024 * 1024

/** Fields that speak of the bytes that were there before. */
const representation = new Set([
  'content-length',
  'content-encoding',
  'etag',
  'digest',
  'content-digest',
  'repr-digest',
])

/** An answer as a user's hook sees it: validated, and not yet stored by the cache. `Body` is its JSON body's type. */
export class HookResponse<Body = unknown> {
  readonly #answer: Answer

  constructor(answer: Answer) {
    this.#answer = answer
  }

  get status(): number {
    return this.#answer.status
  }

  set status(status: number) {
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`not a final status: ${status}`)
    this.#answer.status = status
  }

  header(name: string): string | undefined {
    return combinedField(this.#answer.headers, name.toLowerCase())
  }

  setHeader(name: string, value: string): void {
    this.#answer.headers = withField(this.#answer.headers, checkedName(name), checkedValue(value))
  }

  removeHeader(name: string): void {
    this.#answer.headers = withoutField(this.#answer.headers, name.toLowerCase())
  }

  /** The body, parsed. @throws Rejection 502 where it is no JSON or too large */
  async json(): Promise<Body> {
    const bytes = await readAnswer(this.#answer, bodyLimit)
    try {
      return JSON.parse(bytes.toString('utf8')) as Body
    } catch (cause) {
      throw reject('upstream-malformed', { cause })
    }
  }

  /** Sends this JSON value instead of the body that came. */
  replaceJson(value: Body): void {
    this.#answer.body = Buffer.from(JSON.stringify(value))
    this.#answer.headers = withoutFields(this.#answer.headers, representation)
    if (this.header('content-type') === undefined) this.setHeader('Content-Type', 'application/json')
  }
}
