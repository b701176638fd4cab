import { STATUS_CODES } from 'node:http'
import { type Answer, isStreamed, readAnswer } from '../../core/answer.ts'
import { changedFields } from '../../core/changed-content.ts'
import type { Exchange } from '../../core/exchange.ts'
import { type Fields, fieldValue, fieldValues } from '../../core/headers.ts'
import type { Policy } from '../../core/policy.ts'
import { reject } from '../../core/rejection.ts'
import { MalformedJson, Undeclared } from '../../projection/malformed.ts'
import { Projector, type Root } from '../../projection/projector.ts'
import { jsonShapes } from '../../projection/shape.ts'
import { isCoded, undoCodings } from '../../validation/content-coding.ts'
import { MediaTypes } from '../../validation/media-type.ts'
import { Detection } from './detection.ts'
import { allowedFields, bodilessFields, removedFields, upstreamFields, withVary } from './fields.ts'
import { Findings } from './findings.ts'
import { SanitizedInterim } from './interim.ts'
import type { SanitizedMedia, SanitizedResponse, SanitizeOptions } from './options.ts'
import { readText, textEncoding, writeText } from './text-encoding.ts'

export type { SanitizeOptions } from './options.ts'

const defaultSize = 16 * 1024 * 1024
const defaultDepth = 256

/**
 * Lets out of an upstream's answers what the contract declares, and nothing that must not be seen: members of JSON bodies,
 * header fields, the bodies of failures, secrets and personal data in texts. What stays, stays byte for byte.
 */
export function sanitize(options: SanitizeOptions): Policy {
  const sanitizer = new Sanitizer(options)
  return (next) => {
    if (!sanitizer.reads) {
      return (exchange) => {
        sanitizer.guardInterim(exchange)
        const answer = next(exchange)
        return answer instanceof Promise
          ? answer.then((settled) => sanitizer.heads(settled, exchange))
          : sanitizer.heads(answer, exchange)
      }
    }
    return async (exchange) => {
      sanitizer.guardInterim(exchange)
      const { headers } = exchange
      exchange.headers = upstreamFields(headers, sanitizer.readsWhole)
      let answer: Answer
      try {
        answer = await next(exchange)
      } finally {
        // Policies further out decide by what the caller asked for.
        exchange.headers = headers
      }
      return sanitizer.whole(answer, exchange)
    }
  }
}

interface BoundResponse {
  readonly content: MediaTypes<SanitizedMedia> | undefined
  readonly headers: ReadonlySet<string>
  /** Whether a body has to be looked at even where undeclared members may pass. */
  readonly hides: boolean
}

class Sanitizer {
  /** Whether bodies have to be read at all. */
  readonly reads: boolean
  /** Whether a part of a body would not do. */
  readonly readsWhole: boolean
  readonly #options: SanitizeOptions
  readonly #responses: ReadonlyMap<string, BoundResponse>
  readonly #projector: Projector
  readonly #detection: Detection | undefined
  readonly #removed: readonly string[]
  readonly #allowed: readonly string[] | undefined
  readonly #size: number
  /** Whether some success tells its members by role or not at all, so that no other success may tell them instead. */
  readonly #hidesSuccess: boolean
  readonly #keepInterim = (fields: Fields): Fields => this.#kept(fields, undefined)
  /** Linked when the first answer comes. */
  readonly #roots = new Map<SanitizedMedia, Root>()

  constructor(options: SanitizeOptions) {
    const { undeclared, shapes = jsonShapes({}), detect, action = 'mask', maxDepth: depth = defaultDepth } = options
    this.#options = options
    this.#detection = detect === undefined ? undefined : new Detection(detect, action)
    this.#projector = new Projector(shapes, { undeclared, depth, inspect: this.#detection })
    this.#size = options.maxSize ?? defaultSize
    this.#removed = (options.removeHeaders ?? []).map((name) => name.toLowerCase())
    this.#allowed = options.allowHeaders?.map((name) => name.toLowerCase())
    this.#responses = new Map(
      Object.entries(options.responses).map(([status, response]) => [status, bindResponse(response)]),
    )
    this.#hidesSuccess = [...this.#responses].some(([status, { hides }]) => hides && /^(2|default)/.test(status))
    const media = Object.entries(options.responses).flatMap(([status, { content = {} }]) =>
      Object.values(content).map((one) => ({ status, ...one })),
    )
    const isLookedInto = detect !== undefined || [...this.#responses.values()].some(({ hides }) => hides)
    this.reads = undeclared !== 'pass' || isLookedInto || media.some(({ shape }) => shape !== undefined)
    this.readsWhole =
      detect !== undefined ||
      this.#hidesSuccess ||
      media.some(({ status, shape }) => shape !== undefined && /^(2|default)/.test(status))
  }

  /** Before the upstream is asked: what it says meanwhile goes on as its fields may. */
  guardInterim(exchange: Exchange): void {
    if (exchange.interim === undefined || (this.#removed.length === 0 && this.#allowed === undefined)) return
    exchange.interim = new SanitizedInterim(exchange.interim, this.#keepInterim)
  }

  /** The fields, and the bodies of failures: nothing else of the answer is looked at. */
  heads(answer: Answer, exchange: Exchange): Answer {
    if (this.#options.hide5xx && answer.status >= 500) this.#replace(answer, exchange, 'hidden')
    this.#fields(answer, this.#responseFor(answer.status))
    return answer
  }

  async whole(answer: Answer, exchange: Exchange): Promise<Answer> {
    const response = this.#responseFor(answer.status)
    if (this.#options.hide5xx && answer.status >= 500) this.#replace(answer, exchange, 'hidden')
    else if (answer.status !== 304 && answer.tunnel === undefined) {
      try {
        await this.#body(answer, exchange, response)
      } catch (error) {
        if (isStreamed(answer.body)) answer.body.destroy()
        throw error
      }
    }
    this.#fields(answer, response)
    return answer
  }

  #fields(answer: Answer, response: BoundResponse | undefined): void {
    const { vary } = this.#options
    answer.headers = this.#kept(answer.headers, response)
    if (vary !== undefined) answer.headers = withVary(answer.headers, vary)
  }

  #kept(fields: Fields, response: BoundResponse | undefined): Fields {
    const left = removedFields(fields, this.#removed)
    if (this.#allowed === undefined) return left
    return allowedFields(left, new Set([...this.#allowed, ...(response?.headers ?? [])]))
  }

  async #body(answer: Answer, exchange: Exchange, response: BoundResponse | undefined): Promise<void> {
    const { undeclared } = this.#options
    const types = fieldValues(answer.headers, 'content-type')
    const [type] = types
    // Of several types callers take another than what is looked at here.
    const isPlain = types.every((one) => one === type)
    const match = isPlain ? response?.content?.match(type ?? 'application/octet-stream') : undefined
    if (isEmpty(answer, exchange)) {
      // What HEAD says of the length is not what GET would send.
      if (exchange.method === 'HEAD' && match?.value.shape !== undefined) answer.headers = changedFields(answer.headers)
      return
    }
    const isOtherSuccess = response?.content === undefined && answer.status < 300
    const mustKnow = undeclared !== 'pass' || response?.hides === true || (isOtherSuccess && this.#hidesSuccess)
    if (mustKnow && (match === undefined || match.value.isOpaque === true || answer.status === 206)) {
      this.#refuse(answer, exchange, response)
      return
    }
    if (match?.value.shape !== undefined) await this.#project(answer, exchange, this.#root(match.value))
    else if (this.#detection !== undefined) {
      if (isJson(type)) await this.#project(answer, exchange, this.#projector.root('any'))
      else if (isText(type)) await this.#text(answer, exchange, this.#detection)
    }
  }

  #root(media: SanitizedMedia): Root {
    let root = this.#roots.get(media)
    if (root === undefined) this.#roots.set(media, (root = this.#projector.root(media.shape ?? 'any')))
    return root
  }

  async #project(answer: Answer, exchange: Exchange, root: Root): Promise<void> {
    const bytes = await this.#content(answer)
    const findings = new Findings()
    try {
      const projected = this.#projector.project(bytes, root, exchange.consumer?.roles ?? [], findings.note)
      this.#settle(answer, bytes, projected)
    } catch (error) {
      findings.record(exchange, answer.status, error instanceof MalformedJson ? 'malformed' : 'blocked')
      if (error instanceof MalformedJson) throw reject('upstream-malformed', { cause: error })
      if (error instanceof Undeclared) throw reject('upstream-invalid')
      throw error
    }
    findings.record(exchange, answer.status)
  }

  async #text(answer: Answer, exchange: Exchange, detection: Detection): Promise<void> {
    const bytes = await this.#content(answer)
    const encoding = textEncoding(fieldValue(answer.headers, 'content-type'), bytes)
    const findings = new Findings()
    let found: ReturnType<Detection['look']>
    try {
      found = detection.look(readText(bytes, encoding))
    } catch (error) {
      findings.note('detected', '')
      findings.record(exchange, answer.status, 'blocked')
      throw error
    }
    if (found !== undefined) findings.note('detected', '')
    if (found === 'strip') answer.body = ''
    else this.#settle(answer, bytes, found === undefined ? bytes : writeText(found.text, encoding))
    if (found === 'strip') answer.headers = changedFields(answer.headers)
    findings.record(exchange, answer.status)
  }

  #settle(answer: Answer, came: Buffer, leaves: Buffer): void {
    if (leaves !== came || isCoded(fieldValue(answer.headers, 'content-encoding')))
      answer.headers = changedFields(answer.headers)
    answer.body = leaves
  }

  async #content(answer: Answer): Promise<Buffer> {
    const bytes = await readAnswer(answer, this.#size)
    const coding = fieldValue(answer.headers, 'content-encoding')
    // An upstream that codes although it was asked not to.
    const content = isCoded(coding) ? await undoCodings(bytes, coding, this.#size) : bytes
    if (content === 'too-large') throw reject('upstream-too-large')
    if (typeof content === 'string') throw reject('upstream-malformed')
    if (content.length > this.#size) throw reject('upstream-too-large')
    return content
  }

  /** A body of which nothing is declared. An error stays one, with a body of ours. */
  #refuse(answer: Answer, exchange: Exchange, response: BoundResponse | undefined): void {
    if (answer.status >= 400) {
      this.#replace(answer, exchange, 'replaced')
      return
    }
    if (response !== undefined && response.content === undefined && this.#options.undeclared === 'strip') {
      exchange.record('sanitize', 'stripped', { status: answer.status, undeclared: { '': 1 } })
      if (isStreamed(answer.body)) answer.body.destroy()
      answer.body = null
      answer.headers = bodilessFields(answer.headers)
      return
    }
    exchange.record('sanitize', 'blocked', { status: answer.status })
    throw reject('upstream-invalid')
  }

  #replace(answer: Answer, exchange: Exchange, event: string): void {
    exchange.record('sanitize', event, { status: answer.status })
    if (isStreamed(answer.body)) answer.body.destroy()
    const { status } = answer
    const title = STATUS_CODES[status] ?? 'Error'
    answer.headers = [...bodilessFields(answer.headers), 'Content-Type', 'application/problem+json']
    answer.body = JSON.stringify({ type: 'about:blank', title, status, instance: `urn:uuid:${exchange.requestId}` })
  }

  #responseFor(status: number): BoundResponse | undefined {
    const all = this.#responses
    return all.get(String(status)) ?? all.get(`${Math.floor(status / 100)}XX`) ?? all.get('default')
  }
}

function bindResponse({ content, headers = [] }: SanitizedResponse): BoundResponse {
  return {
    content: content === undefined ? undefined : new MediaTypes(content),
    headers: new Set(headers.map((name) => name.toLowerCase())),
    hides: Object.values(content ?? {}).some(
      ({ isRestricted, isOpaque }) => isRestricted === true || isOpaque === true,
    ),
  }
}

function isEmpty({ status, headers, body }: Answer, exchange: Exchange): boolean {
  if (body === null || body === '' || exchange.method === 'HEAD' || status === 204) return true
  return Buffer.isBuffer(body) ? body.length === 0 : isStreamed(body) && fieldValue(headers, 'content-length') === '0'
}

function isJson(type = ''): boolean {
  return /^\s*[^/;\s]+\/(?:[^/;\s]+\+)?json\s*(?:;|$)/i.test(type)
}

/**
 * Texts that end: streams of events or lines are for who reads them while they go on. What has no type is taken for what
 * its reader finds in it.
 */
function isText(type = ''): boolean {
  return textTypes.test(type) && !/^\s*text\/event-stream/i.test(type)
}

const textTypes =
  /^\s*(?:$|text\/|application\/(?:[^/;\s]+\+)?(?:xml|yaml)\b|application\/(?:x-)?(?:yaml|javascript|www-form-urlencoded)\b)/i
