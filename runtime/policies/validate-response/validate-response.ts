import { type Answer, isStreamed, readAnswer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { combinedField, fieldValue } from '../../core/headers.ts'
import type { Policy } from '../../core/policy.ts'
import type { Fault } from '../../core/problem.ts'
import { reject } from '../../core/rejection.ts'
import type { Validator } from '../../core/validator.ts'
import { isCoded } from '../../validation/content-coding.ts'
import { MediaTypes } from '../../validation/media-type.ts'
import { type BoundParameter, bindParameter, type Parameter } from '../../validation/parameter.ts'
import { judgeBody } from './judge-body.ts'
import { tap } from './tap.ts'

export interface ValidateResponseOptions {
  /** By status: `200`, `2XX` or `default`. */
  readonly responses: Readonly<Record<string, DeclaredResponse>>
  /** `enforce` answers 502 in place of what does not meet the contract. Default: note it and let it pass. */
  readonly mode?: 'enforce'
  /** What happens to an answer of a status that is not declared. Default: noted. */
  readonly undeclaredStatus?: 'pass' | 'block'
}

export interface DeclaredResponse {
  /** By media type or range; only JSON has a schema. Absent: nothing is declared of a body. */
  readonly content?: Readonly<Record<string, { readonly schema?: Validator }>>
  readonly headers?: readonly Parameter[]
}

/** Bytes; a longer answer is passed on unread where it is only watched, and is a 502 where it must be judged. */
const bodyLimit = 1024 * 1024
const mostFaults = 10

/**
 * Holds upstream answers against the contract: status, media type, header fields and JSON bodies. What passes is the bytes
 * that came. Details go to the log, never to the caller.
 */
export function validateResponse({ responses, mode, undeclaredStatus }: ValidateResponseOptions): Policy {
  const declared = new Map(Object.entries(responses).map(([status, response]) => [status, bindResponse(response)]))
  const enforces = mode === 'enforce'

  return (next) => (exchange) => {
    const answer = next(exchange)
    return answer instanceof Promise ? answer.then((settled) => judge(exchange, settled)) : judge(exchange, answer)
  }

  function judge(exchange: Exchange, answer: Answer): Answer | Promise<Answer> {
    const { status, headers, body } = answer
    // What answers a condition describes no representation of its own (RFC 9110 §15.4.5).
    if (status === 304) return answer
    const response =
      declared.get(String(status)) ?? declared.get(`${Math.floor(status / 100)}XX`) ?? declared.get('default')
    if (response === undefined) {
      if (undeclaredStatus === 'pass') return answer
      const fault: Fault = { pointer: '', detail: 'is not a declared status', keyword: 'status' }
      return settle(exchange, answer, [fault], undeclaredStatus === 'block')
    }
    const faults: Fault[] = []
    for (const [name, header] of response.headers)
      header.check(combinedField(headers, name), faults, 'masked', mostFaults)
    if (response.content === undefined || exchange.method === 'HEAD' || status === 204 || isEmpty(answer)) {
      return settle(exchange, answer, faults, enforces)
    }
    const match = response.content.match(fieldValue(headers, 'content-type') ?? 'application/octet-stream')
    if (match === undefined) {
      faults.push({ header: 'Content-Type', detail: 'is not a declared media type', keyword: 'mediaType' })
      return settle(exchange, answer, faults, enforces)
    }
    const { schema } = match.value
    if (schema === undefined) return settle(exchange, answer, faults, enforces)
    const coding = fieldValue(headers, 'content-encoding')
    if (!enforces && isStreamed(body) && !fits(answer)) {
      // Nobody waits for an answer that is only watched: it is read while it passes.
      answer.body = tap(body, bodyLimit, async (bytes) => {
        await judgeBody(bytes, coding, schema, faults, bodyLimit)
        settle(exchange, answer, faults, false)
      })
      return answer
    }
    if (!enforces && tooLong(answer)) return settle(exchange, answer, faults, false)
    if (Buffer.isBuffer(body) && !isCoded(coding)) {
      judgeBody(body, undefined, schema, faults, bodyLimit)
      return settle(exchange, answer, faults, enforces)
    }
    return readAnswer(answer, bodyLimit)
      .then((bytes) => judgeBody(bytes, coding, schema, faults, bodyLimit))
      .then(() => settle(exchange, answer, faults, enforces))
  }
}

interface BoundResponse {
  readonly content: MediaTypes<{ readonly schema?: Validator }> | undefined
  readonly headers: readonly (readonly [name: string, header: BoundParameter])[]
}

function bindResponse({ content, headers = [] }: DeclaredResponse): BoundResponse {
  return {
    content: content === undefined ? undefined : new MediaTypes(content),
    headers: headers.map((header) => [
      header.name.toLowerCase(),
      bindParameter(header, 'header', (text) => text.trim()),
    ]),
  }
}

function settle(exchange: Exchange, answer: Answer, faults: readonly Fault[], refuses: boolean): Answer {
  if (faults.length === 0) return answer
  const detail = { status: answer.status, faults: faults.slice(0, mostFaults).map(shown) }
  exchange.record('validateResponse', refuses ? 'rejected' : 'detected', detail)
  if (!refuses) return answer
  if (isStreamed(answer.body)) answer.body.destroy()
  throw reject('upstream-invalid')
}

function shown({ pointer, header, keyword }: Fault): Readonly<Record<string, string>> {
  return header === undefined ? { pointer: pointer ?? '', keyword } : { header, keyword }
}

function isEmpty({ headers, body }: Answer): boolean {
  if (body === null || body === '') return true
  return Buffer.isBuffer(body) ? body.length === 0 : isStreamed(body) && fieldValue(headers, 'content-length') === '0'
}

/** Whether a streamed answer says that it is short enough to be read whole before it goes on. */
function fits({ headers }: Answer): boolean {
  const length = fieldValue(headers, 'content-length')
  return length !== undefined && Number(length) <= 64 * 1024
}

function tooLong({ body }: Answer): boolean {
  return body !== null && !isStreamed(body) && body.length > bodyLimit
}
