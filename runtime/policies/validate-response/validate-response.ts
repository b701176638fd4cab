import { type Answer, isStreamed, readAnswer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { combinedField, fieldValue } from '../../core/headers.ts'
import type { Policy } from '../../core/policy.ts'
import type { Fault } from '../../core/problem.ts'
import { reject } from '../../core/rejection.ts'
import type { Validator } from '../../core/validator.ts'
import { isCoded } from '../../validation/content-coding.ts'
import { bodyFaults } from '../../validation/details.ts'
import { MediaTypes } from '../../validation/media-type.ts'
import { type BoundParameter, bindParameter, type Parameter } from '../../validation/parameter.ts'
import type { JudgeItem, SequenceStream } from '../../validation/sequence-streams.ts'
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
  /** By media type or range; only JSON and sequences have a schema. Absent: nothing is declared of a body. */
  readonly content?: Readonly<Record<string, DeclaredMedia>>
  readonly headers?: readonly Parameter[]
}

export interface DeclaredMedia {
  readonly schema?: Validator
  /** Of sequential media types (OpenAPI 3.2 §4.14.3): how their items stand in them; `schema` judges each. */
  readonly items?: SequenceStream
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
    if (status === 304 || answer.tunnel !== undefined) return answer
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
    const { schema, items } = match.value
    if (schema === undefined) return settle(exchange, answer, faults, enforces)
    const coding = fieldValue(headers, 'content-encoding')
    if (items !== undefined) return judgeItems(exchange, answer, { items, schema, coding }, faults)
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

  /**
   * Items are judged while they pass, since the last may never come. What is enforced has not been sent before it is judged;
   * the first bad item then breaks the answer off.
   */
  function judgeItems(exchange: Exchange, answer: Answer, judged: JudgedItems, faults: Fault[]): Answer {
    const { items, schema, coding } = judged
    const { body } = answer
    if (isCoded(coding)) faults.push(behindCoding)
    if (body === null || isCoded(coding) || (enforces && faults.length > 0))
      return settle(exchange, answer, faults, enforces)
    const judge: JudgeItem = (item, index) => {
      if ('fault' in item) faults.push({ ...item.fault, pointer: `/${index}` })
      else if (!schema(item.value))
        for (const fault of bodyFaults(schema.errors, 'masked', mostFaults))
          faults.push({ ...fault, pointer: `/${index}${fault.pointer}` })
      else return 'go-on'
      if (!isStreamed(body)) return 'stop'
      note(exchange, answer, faults, enforces)
      return enforces ? 'break' : 'stop'
    }
    if (!isStreamed(body)) {
      items.judge(Buffer.from(body), judge)
      return settle(exchange, answer, faults, enforces)
    }
    note(exchange, answer, faults, false)
    faults = []
    answer.body = items.pass(body, enforces, judge)
    return answer
  }
}

const behindCoding: Fault = {
  pointer: '',
  detail: 'cannot be read behind its content coding',
  keyword: 'contentCoding',
}

interface JudgedItems {
  readonly items: SequenceStream
  readonly schema: Validator
  readonly coding: string | undefined
}

interface BoundResponse {
  readonly content: MediaTypes<DeclaredMedia> | undefined
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
  note(exchange, answer, faults, refuses)
  if (faults.length === 0 || !refuses) return answer
  if (isStreamed(answer.body)) answer.body.destroy()
  throw reject('upstream-invalid')
}

function note(exchange: Exchange, { status }: Answer, faults: readonly Fault[], refuses: boolean): void {
  if (faults.length === 0) return
  const named = faults.slice(0, mostFaults)
  const detail = { status, faults: named.map(shown) }
  exchange.record('validateResponse', refuses ? 'rejected' : 'detected', detail, () =>
    named.map((fault) => [fault.header ?? fault.pointer ?? '', 1]),
  )
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
