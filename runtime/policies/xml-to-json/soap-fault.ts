import type { Buffer } from 'node:buffer'
import type { Answer } from '../../core/answer.ts'
import { reject } from '../../core/rejection.ts'

/** Of what the upstream says, no more than this many characters of one line are passed on. */
const longest = 300

/**
 * What callers learn of a SOAP fault: its code with the first subcode (SOAP 1.2 part 1 §5.4.1), and its reason where the request is to blame. The reason of a fault of
 * the upstream's own, and all detail, stay inside: that is where stack traces are.
 * @param json the fault by the convention for what has no schema
 * @param status of the upstream; faults that come as a success are 502
 */
export function faultAnswer(json: Buffer, status: number, instance: string): Answer {
  const fault = JSON.parse(json.toString('utf8')) as unknown
  const code = local(text(fault, 'faultcode') ?? text(fault, 'Code', 'Value'))
  const subcode = local(text(fault, 'Code', 'Subcode', 'Value'))
  const reason = text(fault, 'faultstring') ?? text(fault, 'Reason', 'Text')
  const byRequest = code === 'Client' || code === 'Sender'
  const problem = reject('upstream-fault', {
    ...(byRequest && reason !== undefined ? { detail: firstLine(reason) } : {}),
    extensions: code === undefined ? {} : { fault: { code, ...(subcode === undefined ? {} : { subcode }) } },
  }).problem(instance)
  const answered = status >= 400 ? status : problem.status
  return {
    status: answered,
    headers: ['Content-Type', 'application/problem+json'],
    body: JSON.stringify({ ...problem, status: answered }),
  }
}

/** The text under `path`: of the first element where there are several, of the element itself where it has attributes. */
function text(value: unknown, ...path: readonly string[]): string | undefined {
  let found = value
  for (const key of path) {
    const one: unknown = Array.isArray(found) ? found[0] : found
    found =
      typeof one === 'object' && one !== null && Object.hasOwn(one, key)
        ? (one as Record<string, unknown>)[key]
        : undefined
  }
  const last: unknown = Array.isArray(found) ? found[0] : found
  if (typeof last === 'string') return last.trim()
  return typeof last === 'object' && last !== null ? text(last, '#text') : undefined
}

/** `soap:Server.Timeout` → `Server`: the part that SOAP defines. */
function local(code: string | undefined): string | undefined {
  return /^(?:[\w.-]+:)?(\w{1,64})/.exec(code ?? '')?.[1]
}

function firstLine(reason: string): string {
  return reason.split(/[\r\n]/, 1)[0]!.slice(0, longest)
}
