import type { Logging } from '../core/exchange.ts'
import { type Fields, isField } from '../core/headers.ts'
import { nameSet, QueryRedaction, type RedactOptions } from './redaction.ts'
import type { Turn } from './turn.ts'

/**
 * One JSON line per request, in pino's shape. Built by hand: a quarter of what the logger takes for it (0.7 against
 * 2.6 µs), and at 30,000 requests per second that is a measurable part of the service.
 */
export function accessLog(redact: RedactOptions, write: (line: string) => void): (turn: Turn) => void {
  const secretQuery = nameSet(redact.query)
  const everywhere = new QueryRedaction(secretQuery)
  const ofOperations = new WeakMap<Logging, QueryRedaction>()
  const redactionFor = (logging: Logging | undefined): QueryRedaction => {
    if (logging === undefined || logging.redactQuery.size === 0) return everywhere
    let own = ofOperations.get(logging)
    if (own === undefined) ofOperations.set(logging, (own = new QueryRedaction(secretQuery, logging.redactQuery)))
    return own
  }
  const hidesAgent = nameSet(redact.headers).has('user-agent')
  return (turn) => {
    const { exchange, request, problem } = turn
    const logging = exchange?.logging
    if (logging !== undefined) {
      if (logging.access === 'off') return
      if (logging.sample < 1 && turn.status < 500 && turn.isComplete && Math.random() >= logging.sample) return
    }
    const concealment = exchange?.concealment
    const url = request.url!
    const mark = url.indexOf('?')
    let line = `{"level":30,"time":${timeText()},"msg":"request","requestId":${quoted(turn.requestId)},"method":${quoted(request.method!)},"path":${quoted(concealment === undefined ? (mark === -1 ? url : url.slice(0, mark)) : concealment.path(exchange!))}`
    if (mark !== -1) {
      const query = url.slice(mark + 1)
      line += `,"query":${quoted(redactionFor(logging).redact(concealment === undefined ? query : concealment.query(query)))}`
    }
    line += `,"operation":${exchange === undefined ? '"none"' : quoted(exchange.operation.id)},"status":${turn.status},"durationMs":${hundredths(turn.duration)}`
    if (exchange !== undefined) {
      if (exchange.upstreamMs !== undefined) line += `,"upstreamMs":${hundredths(exchange.upstreamMs)}`
      if (exchange.consumer !== undefined) line += `,"consumer":${quoted(exchange.consumer.id)}`
      line += userAgent(exchange.headers, hidesAgent || logging?.redactHeaders.has('user-agent') === true)
    }
    line += `,"bytes":${turn.bytes},"address":${quoted(exchange?.address ?? turn.client ?? request.socket.remoteAddress ?? '')}`
    if (problem !== undefined) line += `,"problem":"${problem}"`
    if (!turn.isComplete) line += ',"aborted":true'
    if (turn.cause !== undefined) line += `,"cause":${JSON.stringify(causeOf(turn.cause))}`
    if (exchange?.events !== undefined) line += `,"events":${JSON.stringify(exchange.events)}`
    write(`${line}}\n`)
  }
}

function userAgent(fields: Fields, isHidden: boolean): string {
  for (let i = 0; i < fields.length; i += 2) {
    if (isField(fields[i]!, 'user-agent')) return `,"userAgent":${isHidden ? '"***"' : quoted(fields[i + 1]!)}`
  }
  return ''
}

function causeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const { code } = cause as NodeJS.ErrnoException
  return code === undefined || cause.message.includes(code) ? cause.message : `${code}: ${cause.message}`
}

const needsEscape = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/

function quoted(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`
}

let lastTime = 0
let lastText = ''

/** The time in ms as digits, which are made once for all lines of a millisecond: long numbers cost more than all others of a line. */
function timeText(): string {
  const now = Date.now()
  if (now !== lastTime) {
    lastTime = now
    lastText = String(now)
  }
  return lastText
}

const fractions = Array.from({ length: 100 }, (_, i) => String(i / 100).slice(1))

/** Milliseconds with two decimals; put together of integers, which become text for a tenth of what fractions cost. */
function hundredths(milliseconds: number): string {
  const all = Math.round(milliseconds * 100)
  const rest = all % 100
  return `${(all - rest) / 100}${fractions[rest]!}`
}
