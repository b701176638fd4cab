import { isField, withoutField } from '../../core/headers.ts'
import { bindParameter, type Found, type Parameter } from '../../validation/parameter.ts'
import { asIs, percentDecode } from '../../validation/percent.ts'
import { PairsReader, type Unknown } from '../../validation/query.ts'
import { isStandardField } from './standard-fields.ts'
import type { PartChecker, Rules } from './validate-request.ts'

/** Names by the place they are sent in; of header fields in lower case. */
export interface FieldsOptions {
  readonly query?: readonly string[]
  readonly header?: readonly string[]
  readonly cookie?: readonly string[]
}

/** Header parameters. Their values are taken as they are: fields are not percent-encoded (OpenAPI 3.2 §4.12.9). */
export function headerChecker(
  parameters: readonly Parameter[] = [],
  unknown: Unknown,
  credentials: readonly string[] = [],
  { details, room }: Rules,
): PartChecker | undefined {
  if (parameters.length === 0 && unknown === 'pass') return undefined
  const bound = parameters.map((parameter) => bindParameter(parameter, 'header', trimmed))
  const names = parameters.map(({ name }) => name.toLowerCase())
  const joins = parameters.map(({ decode }) => decode !== undefined && !('read' in decode))
  const known = new Set([...names, ...credentials])

  return (exchange, faults) => {
    const { headers } = exchange
    const found: (Found | undefined)[] = []
    for (let i = 0; i < headers.length; i += 2) {
      const at = indexOfField(names, headers[i]!)
      if (at === -1) continue
      const value = headers[i + 1]!
      const before = found[at]
      // A list may be spread over several fields of one name (RFC 9110 §5.3); anything else may not.
      if (before === undefined) found[at] = value
      else if (joins[at] === true) found[at] = `${before as string},${value}`
      else found[at] = [value]
    }
    for (let i = 0; i < bound.length && faults.length < room; i++) bound[i]!.check(found[i], faults, details, room)
    if (unknown === 'pass') return
    const isUnknown = (name: string): boolean => !known.has(name) && !isStandardField(name)
    if (unknown === 'strip')
      exchange.headers = headers.filter((_, i) => !isUnknown(headers[i - (i % 2)]!.toLowerCase()))
    else {
      for (let i = 0; i < headers.length && faults.length < room; i += 2) {
        const name = headers[i]!.toLowerCase()
        if (isUnknown(name)) faults.push({ header: name.slice(0, 128), detail: 'is not declared', keyword: 'unknown' })
      }
    }
  }
}

function indexOfField(names: readonly string[], name: string): number {
  for (let i = 0; i < names.length; i++) if (isField(name, names[i]!)) return i
  return -1
}

function trimmed(text: string): string {
  return text.trim()
}

/** Cookie parameters. Style `form` is percent-encoded, style `cookie` is not (OpenAPI 3.2 §4.12.3). */
export function cookieChecker(
  parameters: readonly Parameter[] = [],
  unknown: Unknown,
  credentials: readonly string[] = [],
  { details, room }: Rules,
): PartChecker | undefined {
  if (parameters.length === 0 && unknown === 'pass') return undefined
  const bound = parameters.map((one) => bindParameter(one, 'cookie', one.style === 'cookie' ? asIs : percentDecode))
  const pairs = new PairsReader(bound)
  const known = new Set(credentials)

  return (exchange, faults) => {
    const { headers } = exchange
    const found: (Found | undefined)[] = []
    let strips = false
    const kept: string[] = []
    for (let i = 0; i < headers.length; i += 2) {
      if (!isField(headers[i]!, 'cookie')) continue
      for (const part of headers[i + 1]!.split(';')) {
        const pair = part.trim()
        if (pair === '') continue
        const equals = pair.indexOf('=')
        const name = equals === -1 ? pair : pair.slice(0, equals)
        const isKnown = pairs.put(found, name, equals === -1 ? '' : pair.slice(equals + 1)) || known.has(name)
        if (isKnown) kept.push(pair)
        else if (unknown === 'strip') strips = true
        else if (unknown === 'reject' && faults.length < room) {
          faults.push({ parameter: name.slice(0, 128), in: 'cookie', detail: 'is not declared', keyword: 'unknown' })
        }
      }
    }
    if (strips) {
      exchange.headers = withoutField(headers, 'cookie')
      if (kept.length > 0) exchange.headers.push('Cookie', kept.join('; '))
    }
    pairs.check(found, faults, details, room)
  }
}
