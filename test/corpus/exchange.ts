import type { Probe } from './probe.ts'
import type { CorpusRequest } from './request.ts'

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** What is wrong; undefined where everything is as expected. */
export function judge(probe: Probe, answer: Answer, arrived: CorpusRequest | undefined): string | undefined {
  const { expect, request } = probe
  if (expect.kind === 'passes') {
    if (arrived === undefined) return `refused with ${answer.status}: ${said(answer)}`
    if (answer.status !== 200) return `answered with ${answer.status}: ${said(answer)}`
    return difference(request, arrived)
  }
  if (arrived !== undefined) return 'reached the upstream'
  if (answer.status !== expect.status)
    return `refused with ${answer.status} instead of ${expect.status}: ${said(answer)}`
  if (request.method === 'HEAD') return undefined
  if (!answer.contentType.startsWith('application/problem+json')) return `refused as ${answer.contentType || 'nothing'}`
  if (expect.blames === undefined) return undefined
  const { blames } = expect
  const isRight = errorsOf(answer).some((error) => {
    if ('parameter' in blames) return error['parameter'] === blames.parameter
    if ('header' in blames) return String(error['header']).toLowerCase() === blames.header.toLowerCase()
    return typeof error['pointer'] === 'string' && (blames.pointer ?? error['pointer']) === error['pointer']
  })
  return isRight ? undefined : `blames something else: ${said(answer)}`
}

function difference(sent: CorpusRequest, arrived: CorpusRequest): string | undefined {
  if (sent.method !== arrived.method) return `method became ${arrived.method}`
  if (sent.target !== arrived.target) return `target ${sent.target} became ${arrived.target}`
  if (!(sent.body ?? Buffer.alloc(0)).equals(arrived.body ?? Buffer.alloc(0))) return 'the body became another'
  for (let i = 0; i < sent.headers.length; i += 2) {
    const [name, value] = [sent.headers[i]!.toLowerCase(), sent.headers[i + 1]]
    const at = arrived.headers.findIndex((other, index) => index % 2 === 0 && other.toLowerCase() === name)
    if (at === -1 || arrived.headers[at + 1] !== value) return `the field ${name} became ${arrived.headers[at + 1]}`
  }
  return undefined
}

function errorsOf({ text }: Answer): Readonly<Record<string, unknown>>[] {
  try {
    const { errors } = JSON.parse(text) as { errors?: unknown }
    return Array.isArray(errors) ? errors : []
  } catch {
    return []
  }
}

function said(answer: Answer): string {
  const errors = errorsOf(answer)
  return errors.length === 0 ? answer.text.slice(0, 300) : JSON.stringify(errors).slice(0, 500)
}
