import { STATUS_CODES } from 'node:http'
import { type Received, valuesOf } from '../../test/support/send.ts'
import { jsonLines } from './json-lines.ts'
import type { Step } from './steps.ts'

const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined
const paint = (code: number, text: string): string => (colours ? `\x1b[${code}m${text}\x1b[0m` : text)

export const bold = (text: string): string => paint(1, text)
export const dim = (text: string): string => paint(2, text)
export const red = (text: string): string => paint(31, text)
export const green = (text: string): string => paint(32, text)
const cyan = (text: string): string => paint(36, text)

/** The request as a line for a shell. */
export function curl(base: string, step: Step): string {
  const parts = ['curl -i']
  if (step.method !== undefined && step.method !== 'POST') parts.push(`-X ${step.method}`)
  for (const [name, value] of Object.entries(step.headers ?? {})) parts.push(`-H ${quoted(`${name}: ${value}`)}`)
  if (step.body !== undefined) parts.push(`-d ${quoted(step.body)}`)
  parts.push(quoted(base + step.target))
  return parts.join(' ')
}

export function printStep(base: string, step: Step, received: Received, faults: readonly string[]): void {
  const { status } = received
  console.log(`\n${bold(step.about)}`)
  if (step.before !== undefined) console.log(dim(`  (after ${step.before} requests like this one)`))
  console.log(cyan(`  $ ${curl(base, step)}`))
  console.log(`  ${(status < 400 ? green : red)(`${status} ${STATUS_CODES[status] ?? ''}`)}`)
  for (const name of step.show ?? []) {
    for (const value of valuesOf(received.rawHeaders, name)) console.log(`  ${dim(`${name}:`)} ${value}`)
  }
  const body = received.body.toString('utf8')
  for (const line of body === '' ? [] : jsonLines(body)) console.log(`  ${line}`)
  for (const fault of faults) console.log(red(`  ✗ ${fault}`))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
