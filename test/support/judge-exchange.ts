import type { Expectation, ExpectedArrival } from './case.ts'
import { differences, line, matches, shown } from './compare.ts'
import type { RecordedRequest } from './recording-upstream.ts'
import { type Received, valuesOf } from './send.ts'

/** What is wrong with an answer; empty where it is as promised. */
export function judgeAnswer(received: Received, expect: Expectation): string[] {
  const faults: string[] = []
  if (expect.status !== undefined && received.status !== expect.status) {
    faults.push(line('status', expect.status, received.status))
  }
  faults.push(...judgeHeaders(received.rawHeaders, expect.headers, 'header'))
  const text = received.body.toString('utf8')
  if (expect.body !== undefined && !matches(text, expect.body)) faults.push(line('body', expect.body, text))
  if (expect.json !== undefined) {
    const json = parsed(text)
    faults.push(
      ...(json === undefined ? [`body: expected JSON, got ${shown(text)}`] : differences(json, expect.json, 'json')),
    )
  }
  if (faults.length > 0) faults.push(`the answer was ${received.status} ${shown(text)}`)
  return faults
}

/** What is wrong with what reached the upstream. */
export function judgeArrivals(arrived: readonly RecordedRequest[], expected: Expectation['upstream']): string[] {
  if (expected === undefined) return []
  if (expected === 'none' || typeof expected === 'number') {
    const count = expected === 'none' ? 0 : expected
    return arrived.length === count ? [] : [`upstream: expected ${count} requests, got ${shown(arrived.map(summary))}`]
  }
  const list = Array.isArray(expected) ? (expected as readonly ExpectedArrival[]) : [expected as ExpectedArrival]
  if (arrived.length !== list.length) {
    return [`upstream: expected ${list.length} requests, got ${shown(arrived.map(summary))}`]
  }
  return list.flatMap((one, index) => judgeArrival(arrived[index]!, one))
}

function judgeArrival(arrived: RecordedRequest, expected: ExpectedArrival): string[] {
  const faults: string[] = []
  const { method, target, body } = expected
  if (method !== undefined && arrived.method !== method) faults.push(line('upstream method', method, arrived.method))
  if (target !== undefined && !matches(arrived.target, target))
    faults.push(line('upstream target', target, arrived.target))
  faults.push(...judgeHeaders(arrived.rawHeaders, expected.headers, 'upstream header'))
  const text = arrived.body.toString('utf8')
  if (typeof body === 'string' && text !== body) faults.push(line('upstream body', body, text))
  if (typeof body === 'object' && body !== null) faults.push(...differences(parsed(text), body, 'upstream body'))
  return faults
}

function judgeHeaders(rawHeaders: readonly string[], expected: Expectation['headers'], what: string): string[] {
  const faults: string[] = []
  for (const [name, value] of Object.entries(expected ?? {})) {
    const values = valuesOf(rawHeaders, name)
    if (value === null) {
      if (values.length > 0) faults.push(line(`${what} ${name}`, 'absent', values))
    } else if (Array.isArray(value)) faults.push(...differences(values, value, `${what} ${name}`))
    else if (values.length !== 1 || !matches(values[0], String(value)))
      faults.push(line(`${what} ${name}`, value, values))
  }
  return faults
}

function summary(request: RecordedRequest): string {
  return `${request.method} ${request.target}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
