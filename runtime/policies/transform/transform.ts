import { Buffer } from 'node:buffer'
import { type Answer, isStreamed, readAnswer } from '../../core/answer.ts'
import { changedFields, ofTheBytes, withWeakValidator } from '../../core/changed-content.ts'
import type { Exchange } from '../../core/exchange.ts'
import { type Fields, fieldValue, withoutFields } from '../../core/headers.ts'
import type { Policy } from '../../core/policy.ts'
import { reject } from '../../core/rejection.ts'
import { JsonFault } from '../../json/json-fault.ts'
import { isCoded, knownCodings, undoCodings } from '../../validation/content-coding.ts'
import { changeBody } from './change-body.ts'
import { fieldChanger } from './change-fields.ts'
import { queryChanger } from './change-query.ts'
import { fill } from './fill.ts'
import type { RequestChanges, ResponseChanges, TransformOptions } from './options.ts'

export type { TransformOptions } from './options.ts'

/** Bytes of an answer that is changed. */
const largest = 16 * 1024 * 1024

/**
 * Changes what goes upstream, after everybody has judged what the caller sent, and what comes back, before anybody judges
 * it: the contract is what callers send and get.
 */
export function transform({ request = {}, response = {} }: TransformOptions): Policy {
  const outward = requestChanger(request)
  const changeFields = response.headers === undefined ? undefined : fieldChanger(response.headers)
  return (next) => async (exchange) => {
    const { headers, path, query } = exchange
    let answer: Answer
    try {
      await outward(exchange)
      if (response.body !== undefined) exchange.headers = wholeFields(exchange.headers)
      answer = await next(exchange)
    } finally {
      // Policies further out decide by what the caller sent.
      exchange.headers = headers
      exchange.path = path
      exchange.query = query
    }
    if (response.body !== undefined) await changeAnswer(answer, exchange, response)
    if (changeFields !== undefined) answer.headers = changeFields(answer.headers, exchange)
    return answer
  }
}

/** Everything is filled from what the caller sent, whatever else is changed. */
function requestChanger({
  headers,
  query,
  path,
  body,
  createsBody,
}: RequestChanges): (exchange: Exchange) => Promise<void> {
  const changeFields = headers === undefined ? undefined : fieldChanger(headers)
  const changeQuery = query === undefined ? undefined : queryChanger(query)
  return async (exchange) => {
    const newBody = body === undefined ? undefined : await bodyOf(exchange, createsBody === true)
    const changedBody = newBody === undefined ? undefined : changedRequest(() => changeBody(newBody, body!, exchange))
    const changedQuery = changeQuery?.(exchange.query, exchange)
    const changedPath = path === undefined ? undefined : pathFor(path, exchange)
    let fields = changeFields?.(exchange.headers, exchange) ?? exchange.headers
    if (changedBody !== undefined) {
      const isTyped = fieldValue(exchange.headers, 'content-type') !== undefined
      fields = withoutFields(fields, ofTheBytes)
      if (!isTyped) fields.push('Content-Type', 'application/json')
      exchange.body.buffered = changedBody
    }
    exchange.headers = fields
    if (changedQuery !== undefined) exchange.query = changedQuery
    if (changedPath !== undefined) exchange.path = changedPath
  }
}

/** The JSON to change; undefined where there is none. */
async function bodyOf({ body, headers }: Exchange, createsBody: boolean): Promise<Buffer | undefined> {
  const bytes = body.isPresent ? await body.bytes() : empty
  if (bytes.length === 0) return createsBody ? Buffer.from('{}') : undefined
  if (!isJson(fieldValue(headers, 'content-type'))) return undefined
  const coding = fieldValue(headers, 'content-encoding')
  const content = isCoded(coding) ? await undoCodings(bytes, coding, body.limit) : bytes
  if (content === 'unknown') {
    const accepted = ['Accept-Encoding', knownCodings]
    throw reject('unsupported-media-type', { detail: 'The content coding cannot be read.', headers: accepted })
  }
  if (content === 'too-large') throw reject('content-too-large')
  if (content === 'malformed') throw reject('bad-request', { detail: 'The content coding is malformed.' })
  return content
}

const empty = Buffer.alloc(0)

function changedRequest(change: () => Buffer): Buffer {
  try {
    return change()
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const { pointer, message, keyword } = error
    throw reject('invalid-request', { errors: [{ pointer, detail: message, keyword }] })
  }
}

/** A value never is more than a part of a segment, nor leads out of it. */
function pathFor(path: NonNullable<RequestChanges['path']>, exchange: Exchange): string {
  const filled = fill(path, exchange, (value) => {
    if (value === '' || /[/\\\0]/.test(value) || !value.isWellFormed()) throw reject('bad-request')
    return encodeURIComponent(value)
  })
  if (filled === undefined || /(?:^|\/)\.{1,2}(?:\/|$)/.test(filled)) throw reject('bad-request')
  return filled
}

async function changeAnswer(answer: Answer, exchange: Exchange, { body }: ResponseChanges): Promise<void> {
  if (answer.status === 304) answer.headers = withWeakValidator(answer.headers)
  if (answer.status < 200 || answer.status > 299 || !isJson(fieldValue(answer.headers, 'content-type'))) return
  const isEmpty = answer.body === null || exchange.method === 'HEAD'
  if (isEmpty) {
    if (exchange.method === 'HEAD') answer.headers = changedFields(answer.headers)
    return
  }
  try {
    const bytes = await readAnswer(answer, largest)
    const coding = fieldValue(answer.headers, 'content-encoding')
    const content = isCoded(coding) ? await undoCodings(bytes, coding, largest) : bytes
    if (content === 'too-large') throw reject('upstream-too-large')
    if (typeof content === 'string') throw reject('upstream-malformed')
    if (content.length === 0) return
    answer.body = changeBody(content, body!, exchange)
    answer.headers = changedFields(answer.headers)
  } catch (error) {
    if (isStreamed(answer.body)) answer.body.destroy()
    if (!(error instanceof JsonFault)) throw error
    exchange.record('transform', 'failed', { status: answer.status, keyword: error.keyword })
    throw reject(error.keyword === 'required' ? 'upstream-invalid' : 'upstream-malformed', { cause: error })
  }
}

const notForUpstream: ReadonlySet<string> = new Set(['accept-encoding', 'range', 'if-range'])

/** A part of an answer, or a coded one, cannot be changed. */
function wholeFields(fields: Fields): Fields {
  return [...withoutFields(fields, notForUpstream), 'Accept-Encoding', 'identity']
}

function isJson(type = ''): boolean {
  return /^\s*[^/;\s]+\/(?:[^/;\s]+\+)?json\s*(?:;|$)/i.test(type)
}
